"""Daily tasks of a service with a store: a checkpoint of the trail, and the deletion of old texts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx2

from ..store.retention import Retained, retain
from ..store.store import Store
from ..store.trail.checkpoints import Checkpoint, append_to, take_checkpoint
from ..store.turns import take_turn
from .logs import LOGGER
from .problems import ProblemError
from .settings import Settings
from .storage import Storage

PAUSE: Final = 60.0
"""Seconds between two looks whether a task is due."""
DAY: Final = timedelta(days=1)
CHECKPOINT: Final = "trail checkpoint"
"""The `event` of a checkpoint in the log, whose line `smsvet trail verify --checkpoint` reads."""
_SECONDS: Final = 10.0


async def keep_up(settings: Settings, storage: Storage) -> None:
    """Run the tasks that are due until this coroutine is cancelled. Of several processes, one runs each."""
    while True:
        try:
            await keep_up_once(settings, storage)
        except ProblemError as problem:
            LOGGER.warning("no upkeep", extra={"facts": {"problem": problem.name}})
        except Exception as error:  # noqa: BLE001 - the next turn tries again
            LOGGER.error("no upkeep", exc_info=error)
        await asyncio.sleep(PAUSE)


async def keep_up_once(settings: Settings, storage: Storage) -> None:
    """Run the tasks that are due now. Raises ProblemError if the store is down."""
    due = await storage.run("en", take_turn, "checkpoint", DAY)
    if due:
        taken = await storage.run("en", take_checkpoint)
        LOGGER.info(CHECKPOINT, extra={"facts": taken.document()})
        await _keep_outside(settings.checkpoint_to, taken)
    days = {
        status: number
        for status, number in (
            ("approved", settings.retain_approved_days),
            ("rejected", settings.retain_rejected_days),
        )
        if number
    }
    due = bool(days) and await storage.run("en", take_turn, "retention", DAY)
    if due:
        result = await storage.run("en", _retain, days)
        facts = {"deleted": result.deleted, "earlier": result.deleted_earlier, "kept": dict(result.kept)}
        LOGGER.info("texts deleted", extra={"facts": facts})


def _retain(store: Store, days: dict[str, int]) -> Retained:
    return retain(store, days, "system")


async def _keep_outside(target: str | None, taken: Checkpoint) -> None:
    """Append a checkpoint to a file, or post it to a URL. A failure is logged: the log has the checkpoint already."""
    if target is None:
        return
    try:
        if target.startswith(("http://", "https://")):
            async with httpx2.AsyncClient(
                timeout=_SECONDS, follow_redirects=False, trust_env=False
            ) as client:
                (await client.post(target, json=taken.document())).raise_for_status()
        else:
            await asyncio.to_thread(append_to, Path(target), taken)
    except (OSError, httpx2.HTTPError) as error:
        LOGGER.error("checkpoint not kept outside", extra={"facts": {"error": type(error).__name__}})
