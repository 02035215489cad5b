"""Verifies the trail in the background: at most one verification at a time in a process."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from smsvet.model import Lang

from ...http.logs import LOGGER
from ...http.settings import Settings
from ...http.storage import Storage
from ...store.trail.checkpoints import Checkpoint, read_checkpoint
from ...store.trail.last_verification import verify_and_keep

PATIENCE: Final = 2.0
"""Seconds that a request waits for the result. A verification that takes longer goes on without it."""
MOST_CHECKPOINTS: Final = 5_000
"""Lines of the file of checkpoints that are read, from its end."""


class Verifier:
    """Runs verifications for the pages of one process."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self.settings = settings
        self.storage = storage
        self._running: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Return whether a verification is running."""
        return self._running is not None and not self._running.done()

    async def verify(self, lang: Lang, by: str) -> None:
        """Begin a verification unless one is running, and wait some seconds for it. Raises ProblemError."""
        if not self.is_running:
            self._running = asyncio.create_task(self._verify(lang, by))
            self._running.add_done_callback(_note)
        assert self._running is not None  # noqa: S101 - it was begun, or is running
        done, _ = await asyncio.wait([self._running], timeout=PATIENCE)
        for task in done:
            task.result()

    async def _verify(self, lang: Lang, by: str) -> None:
        checkpoints = await asyncio.to_thread(kept_checkpoints, self.settings)
        await self.storage.run(lang, verify_and_keep, by, checkpoints)


def kept_checkpoints(settings: Settings) -> list[Checkpoint]:
    """Return the checkpoints in the file that the settings name, oldest first; none without one, or for a URL."""
    target = settings.checkpoint_to
    if target is None or target.startswith(("http://", "https://")):
        return []
    try:
        lines = Path(target).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines[-MOST_CHECKPOINTS:]:
        try:
            checkpoint = read_checkpoint(line)
        except ValueError:
            continue
        if checkpoint is not None:
            found.append(checkpoint)
    return found


def _note(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        LOGGER.error("trail not verified", exc_info=error)
