"""Ends reviews that take too long: an alarm interrupts them in the worker, else the parent ends the worker."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import SpawnContext
from types import FrameType
from typing import Final

ROW_SECONDS: Final = 30.0
"""Default time for one row: far more than the engine's bounds on its own work allow."""
ROWS_PER_SECOND: Final = 100
"""Rate that the slowest machine keeps up over many rows."""
KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)


class LateError(KeyboardInterrupt):
    """The time for a review is over. The engine turns all exceptions of rules into faults but KeyboardInterrupt."""


def allowed(rows: int, row_seconds: float) -> float:
    """Return the seconds that the review of some rows together may take."""
    return row_seconds + (rows - 1) / ROWS_PER_SECOND


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise LateError inside the block after some seconds, where the system has alarms.

    It interrupts Python code and regular expressions, but no other C code.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise LateError


class Watch:
    """Memory that a parent shares with its workers: by when each must have ended the review of its rows."""

    def __init__(self, context: SpawnContext, workers: int) -> None:
        self._due = context.Array("d", workers, lock=False)
        self._process = context.Array("q", workers, lock=False)
        self._joined = context.Value("i", 0)
        self._slot: int | None = None

    def join(self) -> None:
        """Take a place for this worker process."""
        with self._joined.get_lock():
            self._slot = self._joined.value
            self._joined.value += 1
        self._process[self._slot] = os.getpid()

    @contextmanager
    def expecting(self, seconds: float) -> Iterator[None]:
        """Announce that this worker leaves the block within some seconds."""
        if self._slot is None:
            yield
            return
        self._due[self._slot] = time.monotonic() + seconds
        try:
            yield
        finally:
            self._due[self._slot] = 0.0

    def end_late(self) -> None:
        """End the worker processes that are late; called in the parent."""
        now = time.monotonic()
        for slot, due in enumerate(self._due):
            if 0 < due < now:
                self._due[slot] = 0.0
                with suppress(OSError):
                    os.kill(self._process[slot], KILL)
