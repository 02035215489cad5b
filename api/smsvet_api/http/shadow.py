"""Judges stored submissions with a shadow revision as well, after their answers. It never delays or changes an answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any, Final

from ..store.content.differences import Comparison, add_comparisons, compare
from .logs import LOGGER
from .problems import ProblemError, encode
from .revision import Revision
from .storage import Storage

MAX_WAITING: Final = 1_000
"""Submissions that wait for the shadow; further ones are dropped and counted."""
MAX_WAITING_BYTES: Final = 16 * 1024 * 1024
MAX_TOGETHER: Final = 100
"""Comparisons that are stored together."""
PAUSE: Final = 0.5
"""Seconds without a submission after which the comparisons are stored."""


@dataclass(frozen=True, slots=True)
class _Offered:
    submission_id: int
    body: bytes
    verdict: dict[str, Any]


@dataclass(slots=True, eq=False)
class Shadow:
    """A shadow revision at work."""

    revision: Revision
    storage: Storage
    _waiting: asyncio.Queue[_Offered] = field(default_factory=lambda: asyncio.Queue(MAX_WAITING))
    _bytes: int = 0
    _comparisons: list[Comparison] = field(default_factory=list)
    _dropped: list[tuple[str, str]] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to judge."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Store the comparisons so far, and end the processes."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._store()
        await self.revision.stop()

    def offer(self, submission_id: int, document: dict[str, Any], verdict: dict[str, Any]) -> None:
        """Have a stored submission judged on the date of its verdict, or dropped if too many wait. Returns at once."""
        body = encode({**document, "as_of": verdict["as_of"]})
        if self._waiting.full() or self._bytes + len(body) > MAX_WAITING_BYTES:
            if len(self._dropped) < MAX_WAITING:
                self._dropped.append((verdict["revision"], self.revision.name))
            return
        self._bytes += len(body)
        self._waiting.put_nowait(_Offered(submission_id, body, verdict))

    async def drained(self) -> None:
        """Wait until every submission on offer is judged and stored."""
        await self._waiting.join()
        await self._store()

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(PAUSE):
                    offered = await self._waiting.get()
            except TimeoutError:
                await self._store()
                continue
            try:
                await self._judge(offered)
            finally:
                self._bytes -= len(offered.body)
                self._waiting.task_done()
            if len(self._comparisons) >= MAX_TOGETHER:
                await self._store()

    async def _judge(self, offered: _Offered) -> None:
        active = offered.verdict["revision"]
        try:
            answer = await self.revision.review(offered.body, "zh")
        except ProblemError:  # its processes are busy, or the shadow knows a field or provider no more
            self._dropped.append((active, self.revision.name))
            return
        verdict = json.loads(answer.content)
        self._comparisons.append(
            compare(offered.submission_id, offered.verdict, verdict, active, self.revision.name)
        )

    async def _store(self) -> None:
        comparisons, self._comparisons = self._comparisons, []
        dropped, self._dropped = self._dropped, []
        if not comparisons and not dropped:
            return
        try:
            await self.storage.run("en", add_comparisons, comparisons, dropped)
        except ProblemError as problem:
            LOGGER.error(
                "comparisons lost", extra={"facts": {"number": len(comparisons), "why": problem.name}}
            )
