"""The figures of the store as Prometheus metrics, and as the state that `/readyz` shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .problems import ProblemError

if TYPE_CHECKING:
    from ..store.figures import Figures

SECONDS: Final = 3.0
"""Time after which a store that does not answer counts as down."""


async def store_state(app: FastAPI) -> Literal["up", "down", "none"]:
    """Return whether the application has a store and reaches it, with the tables of this release."""
    if app.state.storage is None:
        return "none"
    return "down" if await _figures(app) is None else "up"


async def store_metrics(app: FastAPI) -> bytes:
    """Return the figures of the store in the Prometheus text format; nothing without a store."""
    if app.state.storage is None:
        return b""
    registry = CollectorRegistry()
    registry.register(_Figures(await _figures(app)))
    return generate_latest(registry)


async def _figures(app: FastAPI) -> Figures | None:
    """Return the figures of the store, None while it is down. Only one call at a time occupies a thread."""
    running: asyncio.Task[Figures | None] | None = getattr(app.state, "measuring", None)
    if running is None or running.done():
        running = app.state.measuring = asyncio.create_task(_measure(app))
    try:
        async with asyncio.timeout(SECONDS):
            return await asyncio.shield(running)
    except TimeoutError:
        return None


async def _measure(app: FastAPI) -> Figures | None:
    from ..store.figures import measure  # noqa: PLC0415 - an extra

    try:
        figures: Figures = await app.state.storage.run("en", measure)
    except ProblemError:
        return None
    return figures


class _Figures(Collector):
    """Figures of the database. They are the same in every process, so no process keeps them."""

    def __init__(self, figures: Figures | None) -> None:
        self.figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; only that the store is down if it is."""
        figures = self.figures
        yield _gauge("store_up", "1 while the store answers.", 0 if figures is None else 1)
        if figures is None:
            return
        undecided = GaugeMetricFamily("smsvet_cases", "Undecided cases.", labels=["state"])
        for state in ("open", "held", "escalated"):
            undecided.add_metric([state], figures.cases.get(state, 0))
        messages = GaugeMetricFamily("smsvet_outbox", "Messages of webhooks.", labels=["state"])
        for state in ("waiting", "dead"):
            messages.add_metric([state], figures.messages.get(state, 0))
        yield undecided
        yield messages
        yield _gauge("oldest_case_seconds", "Age of the oldest open case.", figures.oldest_case)
        yield _gauge("overdue_cases", "Open cases whose time is over.", figures.overdue)
        yield _gauge("unjudged_submissions", "Submissions without a verdict.", figures.unjudged)
        yield _gauge(
            "oldest_message_seconds", "Delay of the message that waits longest.", figures.oldest_message
        )
        yield _gauge("trail_seq", "Number of the last event of the trail.", figures.trail_seq)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"smsvet_{name}", meaning, value)
