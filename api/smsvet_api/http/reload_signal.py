"""Reloads the content on SIGHUP."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator

from smsvet import ContentError

from .logs import LOGGER
from .problems import ProblemError


@contextlib.contextmanager
def reloading_on_hangup(reload: Callable[[], Awaitable[object]]) -> Iterator[None]:
    """Call `reload` on each SIGHUP inside the context, one call after another; refused content is logged."""
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()
    turn = asyncio.Lock()

    async def once() -> None:
        async with turn:
            try:
                await reload()
            except (ContentError, ProblemError) as error:
                facts = {"errors": str(getattr(error, "detail", error)).split("\n")}
                LOGGER.error("content not reloaded", extra={"facts": facts})

    def begin() -> None:
        task = loop.create_task(once())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    number = getattr(signal, "SIGHUP", None)
    try:
        if number is not None:
            loop.add_signal_handler(number, begin)
    except (RuntimeError, ValueError):  # not the main thread, as in tests
        number = None
    try:
        yield
    finally:
        if number is not None:
            loop.remove_signal_handler(number)
        for task in tasks:
            task.cancel()
