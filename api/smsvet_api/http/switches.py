"""Lets the event loop answer while another thread works long in the interpreter."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Final

SWITCH_INTERVAL: Final = 0.0005
"""Seconds after which a thread that loads gives way to the event loop. A request waits for this several times."""


class _Interval:
    """Shortens the interpreter's switch interval from the first that needs it to the last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._needing = 0
        self._usual = 0.0

    def shorten(self) -> None:
        with self._lock:
            if self._needing == 0:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(SWITCH_INTERVAL)
            self._needing += 1

    def restore(self) -> None:
        with self._lock:
            self._needing -= 1
            if self._needing == 0:
                sys.setswitchinterval(self._usual)


_INTERVAL: Final = _Interval()


@contextlib.contextmanager
def frequent_switches() -> Iterator[None]:
    """Shorten the interpreter's switch interval inside the context, which several threads may be in at once."""
    _INTERVAL.shorten()
    try:
        yield
    finally:
        _INTERVAL.restore()
