"""Runs the shards in worker processes. A worker that dies is replaced, and the row that ends it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Final

from ..files.rows import InputError
from ..wording import say
from .deadline import Watch
from .shards import Shard
from .worker import Task, probe_shard, start, write_shard

AHEAD: Final = 2
"""Shards a worker has at most: the one under review, and the next."""
PAUSE: Final = 0.5
"""Seconds between two looks at the workers."""
MOST_DEATHS: Final = 3
"""How often a worker may die of one shard although no single row ends it."""


class Pool:
    """Worker processes for the shards of a run."""

    initializer = staticmethod(start)

    def __init__(self, task: Task, jobs: int) -> None:
        self.task = task
        self.jobs = jobs
        self.executor: ProcessPoolExecutor | None = None
        self.watch: Watch | None = None

    def run(self, shards: Iterable[Shard], stopping: Callable[[], bool]) -> Iterator[tuple[Shard, float]]:
        """Yield each shard that is written, with the seconds it took, in the order of completion.

        No shard starts after `stopping` returns true. Raises InputError and OSError of a worker.
        """
        waiting = iter(shards)
        running: dict[Future[float], Shard] = {}
        try:
            while True:
                while len(running) < AHEAD * self.jobs and not stopping():
                    shard = next(waiting, None)
                    if shard is None:
                        break
                    try:
                        running[self._pool(self.jobs).submit(write_shard, shard, ())] = shard
                    except BrokenProcessPool:
                        yield from self._alone([*running.values(), shard])
                        running = {}
                if stopping():
                    running = {one: shard for one, shard in running.items() if not one.cancel()}
                if not running:
                    return
                done, _ = wait(running, timeout=PAUSE, return_when=FIRST_COMPLETED)
                self._end_late()
                if any(isinstance(one.exception(), BrokenProcessPool) for one in done):
                    # Which worker died is unknown: each shard that it may have had runs by itself.
                    wait(running)  # not long: the pool ends all its workers when one dies
                    for one in [one for one in running if one.exception() is None]:
                        yield running.pop(one), one.result()
                    yield from self._alone(list(running.values()))
                    running = {}
                    continue
                for one in done:
                    shard = running.pop(one)
                    yield shard, one.result()
        finally:
            self.close()

    def close(self) -> None:
        """End the worker processes, without waiting for the shards under review."""
        if self.executor is not None:
            processes = list((getattr(self.executor, "_processes", None) or {}).values())
            self.executor.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.kill()
            for process in processes:
                process.join()
            self.executor = None

    def _pool(self, jobs: int) -> ProcessPoolExecutor:
        if self.executor is None:
            # A forked process would share the threads' locks of pyarrow.
            context = get_context("spawn")
            self.watch = Watch(context, jobs)
            self.executor = ProcessPoolExecutor(jobs, context, self.initializer, (self.task, self.watch))
        return self.executor

    def _end_late(self) -> None:
        """End the workers that hang; the pool then breaks as if they had died."""
        if self.watch is not None:
            self.watch.end_late()

    def _alone(self, shards: list[Shard]) -> Iterator[tuple[Shard, float]]:
        """Yield the shards of a broken pool, each written in a pool of one worker."""
        self.close()
        for shard in shards:
            yield shard, self.persistent(shard)
        self.close()

    def persistent(self, shard: Shard) -> float:
        """Write a shard; each row that ends the worker gets an error. Returns the seconds taken."""
        poisoned: list[int] = []
        deaths = 0
        while True:
            seconds = self._attempt(write_shard, shard, tuple(poisoned))
            if seconds is not None:
                return float(seconds)
            deaths += 1
            row = self._poison(shard, tuple(poisoned))
            if row is not None:
                poisoned.append(row)
                deaths = 0
            elif deaths == MOST_DEATHS:
                name = self.task.sources[shard.source].file.name
                first, last = shard.before + 1, shard.before + shard.rows
                raise InputError(
                    say(
                        self.task.how.lang,
                        f"{name}：审核第 {first} 至 {last} 行时工作进程 {deaths} 次意外结束（可能是内存不足）；减少 --jobs 后再运行",
                        f"{name}: the worker died {deaths} times in rows {first} to {last}, perhaps for lack of memory; "
                        "run again with fewer --jobs",
                    )
                )

    def _poison(self, shard: Shard, poisoned: tuple[int, ...]) -> int | None:
        """Return the number of a row that ends the worker, by bisection; None if no single row does."""
        low, high = 0, shard.kept
        if self._attempt(probe_shard, shard, 0, 0, poisoned) is None:
            return None  # it dies without any row
        while high - low > 1:
            middle = (low + high) // 2
            if self._attempt(probe_shard, shard, low, middle, poisoned) is None:
                high = middle
            else:
                low = middle
        if any(self._attempt(probe_shard, shard, low, high, poisoned) is not None for _ in range(2)):
            return None
        every = range(shard.before + 1, shard.before + shard.rows + 1)
        numbers = self._attempt(probe_shard, shard, low, high, tuple(every))
        return int(numbers[0]) if numbers else None

    def _attempt(self, job: Callable[..., Any], *arguments: object) -> Any:
        """Return the result of a job in a single worker, None if the worker dies."""
        try:
            future = self._pool(1).submit(job, *arguments)
            while not wait([future], timeout=PAUSE).done:
                self._end_late()
            return future.result()
        except BrokenProcessPool:
            self.close()
            return None


def write_alone(task: Task, shard: Shard) -> float:
    """Write a shard in a process of its own; each row that ends it gets an error. Returns the seconds taken.

    Raises InputError and OSError.
    """
    pool = Pool(task, 1)
    try:
        return pool.persistent(shard)
    finally:
        pool.close()
