"""Judges a stored submission again with the revision of its verdict."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from smsvet.model import Lang

from ..store.content.replaying import StoredVerdict, same_verdict
from .content_control import ContentControl
from .problems import ProblemError, encode
from .revision import Revision

KEPT: Final = 120.0
"""Seconds for which an earlier revision stays loaded after a replay: more verdicts of it may follow."""

State = Literal["equal", "different", "gone"]


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcome of a replay; `verdict` is None if the revision, or the text, is gone."""

    state: State
    revision: str
    stored: dict[str, Any] | None
    verdict: dict[str, Any] | None


class Replays:
    """Replays verdicts, one after another. At most one earlier revision is loaded at a time."""

    def __init__(self, control: ContentControl) -> None:
        self.control = control
        self._kept: Revision | None = None
        self._one = asyncio.Lock()
        self._ending: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def replay(self, lang: Lang, stored: StoredVerdict) -> Replay:
        """Return the outcome. Raises ProblemError if the processes are busy."""
        if stored.submission is None or stored.verdict is None:
            return Replay("gone", stored.revision, None, None)
        async with self._one, contextlib.AsyncExitStack() as stack:
            try:
                revision = await stack.enter_async_context(self._loaded(lang, stored.revision))
            except ProblemError as problem:
                if problem.name != "revision-gone":
                    raise
                return Replay("gone", stored.revision, stored.verdict, None)
            answer = await revision.review(encode(stored.submission), "zh")
        verdict = json.loads(answer.content)
        state: State = "equal" if same_verdict(stored.verdict, verdict) else "different"
        return Replay(state, stored.revision, stored.verdict, verdict)

    async def stop(self) -> None:
        """End the processes of the revision that is kept."""
        if self._ending is not None:
            self._ending.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._kept is not None:
            await self._kept.stop()

    @contextlib.asynccontextmanager
    async def _loaded(self, lang: Lang, name: str) -> AsyncIterator[Revision]:
        shadow = self.control.shadow
        for loaded in (self.control.service.active, shadow.revision if shadow else None):
            if loaded is not None and loaded.name == name:
                with loaded.in_use():
                    yield loaded
                return
        if self._kept is None or self._kept.name != name:
            await self._drop()
            self._kept = await self.control.archived_revision(lang, name, 1)
        if self._ending is not None:
            self._ending.cancel()
        self._ending = asyncio.get_running_loop().call_later(KEPT, self._end)
        with self._kept.in_use():
            yield self._kept

    def _end(self) -> None:
        task = asyncio.ensure_future(self._drop())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drop(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            await self.control.service.discard(kept)
