"""The review processes beside the event loop, their deadline and their replacement."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from smsvet.model import Lang

from ..wording import say
from .logs import LOGGER
from .problems import ProblemError
from .review_process import LENGTH, TASKS, frame
from .settings import Settings

SMALL = 2048
"""Maximum bytes of the body of a small request. With two processes or more, one is reserved for small requests."""
MAX_WAITING_BYTES = 64 * 1024 * 1024
"""Maximum total size of the bodies that wait for a process."""
MAX_WAIT = 10.0
"""Maximum seconds that a request waits for a process."""
_MAX_PAUSE = 30.0
_START = "import sys; sys.path[:] = {path!r}; from smsvet_api.http.{module} import main; main()"


class DeadlineError(Exception):
    """A task took longer than the deadline. Its process was ended."""


class DiedError(Exception):
    """The process ended during the task."""


@dataclass(eq=False, slots=True)
class ReviewProcess:
    """One running process. It runs one task at a time."""

    process: Process
    reserved: bool

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self.process.pid

    async def exchange(self, message: object) -> Any:
        """Return the answer to a message. Raises DiedError if the process ends."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None  # noqa: S101 - it was started with PIPE
        assert stdout is not None  # noqa: S101
        try:
            stdin.write(frame(message))
            await stdin.drain()
            head = await stdout.readexactly(LENGTH.size)
            return pickle.loads(await stdout.readexactly(*LENGTH.unpack(head)))  # noqa: S301 - from our own process
        except (OSError, RuntimeError, asyncio.IncompleteReadError) as error:
            raise DiedError from error

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


@dataclass(eq=False, slots=True)
class _Waiting:
    small: bool
    given: asyncio.Future[ReviewProcess] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class ReviewProcesses:
    """Runs tasks in a fixed number of processes, and replaces each process that ends."""

    def __init__(
        self,
        settings: Settings,
        number: int | None = None,
        reading: Callable[[], Settings] | None = None,
        revision: str = "",
    ) -> None:
        """`reading` returns the settings for a process that is about to start; each has to load `revision`, if given."""
        self.settings = settings
        self.number = number or settings.review_processes
        self.reading = reading or (lambda: settings)
        self.revision = revision
        self.alive: list[ReviewProcess] = []
        self._idle: list[ReviewProcess] = []
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._keepers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the processes; return when all are ready. A process that cannot start is tried again later."""
        number = self.number
        started = [asyncio.Event() for _ in range(number)]
        self._keepers = [
            asyncio.create_task(self._keep(reserved=number > 1 and not place, started=event))
            for place, event in enumerate(started)
        ]
        await asyncio.gather(*(event.wait() for event in started))

    async def stop(self) -> None:
        """End all processes."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers = []

    async def run(self, task: str, *arguments: Any, size: int, lang: Lang) -> Any:
        """Return the result of a task of `review_process`, for a body of `size` bytes.

        Raises DeadlineError if it takes longer than the deadline, DiedError if its process ends, and ProblemError: what
        the task raised, or 503 if no process gets free in time.
        """
        assert task in TASKS  # noqa: S101 - a name in the code, not from a request
        process = await self._take(size, lang)
        try:
            async with asyncio.timeout(self.settings.deadline_ms / 1000):
                result = await process.exchange((task, arguments))
        except TimeoutError as error:
            self._drop(process)
            raise DeadlineError from error
        except BaseException:  # cancelled or died: an unread answer must not reach the next task
            self._drop(process)
            raise
        self._release(process)
        if isinstance(result, ProblemError):
            raise result
        return result

    async def _take(self, size: int, lang: Lang) -> ReviewProcess:
        small = size <= SMALL
        for process in self._idle:
            if small or not process.reserved:
                self._idle.remove(process)
                return process
        if self._waiting_bytes + size > MAX_WAITING_BYTES:
            raise busy(lang)
        waiting = _Waiting(small)
        self._waiting.append(waiting)
        self._waiting_bytes += size
        try:
            async with asyncio.timeout(MAX_WAIT):
                return await waiting.given
        except BaseException as error:
            if waiting.given.done() and not waiting.given.cancelled():
                self._release(waiting.given.result())  # given at the moment when the wait ended
            if isinstance(error, TimeoutError):
                raise busy(lang) from None
            raise
        finally:
            self._waiting_bytes -= size
            with contextlib.suppress(ValueError):
                self._waiting.remove(waiting)

    def _release(self, process: ReviewProcess) -> None:
        if process not in self.alive:
            return
        for waiting in self._waiting:
            if not waiting.given.done() and (waiting.small or not process.reserved):
                self._waiting.remove(waiting)
                waiting.given.set_result(process)
                return
        self._idle.append(process)

    def _drop(self, process: ReviewProcess) -> None:
        """End a process in the middle of a task; its keeper starts another one."""
        if process in self.alive:
            self.alive.remove(process)
        process.kill()
        LOGGER.warning("review process dropped", extra={"facts": {"pid": process.pid}})

    async def _keep(self, reserved: bool, started: asyncio.Event) -> None:
        """Keep one process running until this coroutine is cancelled."""
        pause = 1.0
        while True:
            try:
                process = ReviewProcess(await spawn(), reserved)
            except OSError as error:  # no memory, no process id or no file descriptor left
                LOGGER.error("review process not started", exc_info=error)
                lived = False
            else:
                lived = await self._live(process, started)
            started.set()
            if lived:
                pause = 1.0
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _MAX_PAUSE)

    async def _live(self, process: ReviewProcess, started: asyncio.Event) -> bool:
        """Run a process until it ends; return whether it became ready."""
        try:
            loaded = await process.exchange(await asyncio.to_thread(self.reading))
            if self.revision and loaded != self.revision:  # its files were changed
                LOGGER.error("review process has other content", extra={"facts": {"revision": loaded}})
                return False
            self.alive.append(process)
            self._release(process)
            started.set()
            LOGGER.info("review process ready", extra={"facts": {"pid": process.pid}})
            facts = {"pid": process.pid, "status": await process.process.wait()}
            LOGGER.error("review process ended", extra={"facts": facts})
            return True
        except (DiedError, OSError):
            process.kill()
            facts = {"pid": process.pid, "status": await process.process.wait()}
            LOGGER.error("review process not started", extra={"facts": facts})
            return False
        finally:
            for processes in (self.alive, self._idle):
                if process in processes:
                    processes.remove(process)
            process.kill()
            await process.process.wait()


async def spawn(module: str = "review_process") -> Process:
    """Start a process that runs `main` of a module of this package. Raises OSError if the system has no room for it."""
    # A session of its own: the terminal's Ctrl-C is for the service, which ends this process itself.
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _START.format(path=sys.path, module=module),
        stdin=PIPE,
        stdout=PIPE,
        start_new_session=True,
    )


def busy(lang: Lang) -> ProblemError:
    """Return the 503 problem for a request that no process can take in time."""
    detail = say(lang, "所有审核进程都在忙，请稍后重试", "All review processes are busy; try again later")
    return ProblemError("busy", detail, lang=lang, headers={"retry-after": "1"})
