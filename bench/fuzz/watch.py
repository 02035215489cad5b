"""The CPU time of a call, with a limit; and the function that takes the time."""

from __future__ import annotations

import cProfile
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import TypeVar

HANG = 3.0
"""Seconds of CPU time after which a review is given up."""

Result = TypeVar("Result")


class HangError(KeyboardInterrupt):
    """A call was given up. A KeyboardInterrupt, because the reviewer makes a fault of any other exception."""


def watched(call: Callable[[], Result], seconds: float = HANG) -> tuple[float, Result]:
    """Return the CPU seconds that a call takes, and its result; raises HangError.

    CPU time hardly depends on what else the machine does. Not for threads, since it uses a signal.
    """
    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    begun = time.thread_time()
    try:
        result = call()
        return time.thread_time() - begun, result
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def give_up(number: int, frame: FrameType | None) -> None:
    """Raise HangError; the handler of the timer."""
    raise HangError


def slowest_function(call: Callable[[], object]) -> str:
    """Return the file and function where a call spends most time, calls of built-in functions included."""
    profile = cProfile.Profile()
    try:
        watched(lambda: profile.runcall(call))
    except HangError:
        profile.disable()
    times: dict[str, float] = {}
    for entry in profile.getstats():
        if isinstance(entry.code, CodeType):
            builtin = sum(inner.totaltime for inner in entry.calls or () if isinstance(inner.code, str))
            name = f"{Path(entry.code.co_filename).name}:{entry.code.co_name}"
            times[name] = times.get(name, 0.0) + entry.inlinetime + builtin
    return max(times, key=times.__getitem__, default="?")
