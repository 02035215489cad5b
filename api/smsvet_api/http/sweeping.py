"""Reviews stored submissions that have no verdict, because their process ended or was too busy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..store.submissions.submitting import record_verdict, unjudged
from .logs import LOGGER
from .problems import ProblemError
from .service import Service
from .storage import Storage

PAUSE = 60.0
"""Seconds between two sweeps."""
_STARTING = 0.5
Offer = Callable[[int, dict[str, Any], dict[str, Any]], None]
"""Is called with each submission, its document and its verdict, once the verdict is stored."""


def _no_offer(_submission: int, _document: dict[str, Any], _verdict: dict[str, Any]) -> None:
    """Do nothing."""


async def sweep(service: Service, storage: Storage, offer: Offer = _no_offer) -> None:
    """Review submissions without a verdict, at the start all of them, until this coroutine is cancelled."""
    first = True
    while True:
        if service.reviewer is None:
            await asyncio.sleep(_STARTING)
            continue
        try:
            await sweep_once(service, storage, all_ages=first, offer=offer)
            first = False
        except ProblemError as problem:
            LOGGER.warning("not swept", extra={"facts": {"problem": problem.name}})
        except Exception as error:  # noqa: BLE001 - the next sweep tries again
            LOGGER.error("not swept", exc_info=error)
        await asyncio.sleep(PAUSE)


async def sweep_once(
    service: Service, storage: Storage, *, all_ages: bool = False, offer: Offer = _no_offer
) -> int:
    """Review the submissions that have no verdict and return their number.

    Raises ProblemError if the store is down or the service busy.
    """
    swept = 0
    while found := await storage.run("zh", unjudged, all_ages=all_ages):
        for one in found:
            judged = await service.judge(one.document, one.kind, one.provider, "zh")
            if await storage.run("zh", record_verdict, one.id, judged.verdict, judged.cluster):
                offer(one.id, one.document, judged.verdict)
            service.metrics.reviews(judged.tally)
        swept += len(found)
    if swept:
        LOGGER.info("swept", extra={"facts": {"submissions": swept}})
    return swept
