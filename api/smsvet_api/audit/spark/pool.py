"""Runs the shards of an audit as the tasks of a Spark job, in place of the local worker processes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from smsvet.model import Lang

from ...files.rows import InputError
from ...wording import say
from ..shard_files import VERDICTS
from ..shards import Shard
from ..worker import Task
from .session import session
from .shard_tasks import RESULT, write_shards

if TYPE_CHECKING:
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

POLL: Final = 0.5
"""Seconds between two looks for finished shards."""
LAST: Final = 30
"""Seconds that a job has for its end when all shards are written."""
_RAISED: Final = re.compile(r"\bShardError: (\{.*\})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SparkPool:
    """Spark as the workers of a run. The executors read the input and write the output: both are on a shared file system."""

    master: str
    task: Task
    jobs: int

    def run(self, shards: Iterable[Shard], stopping: Callable[[], bool]) -> Iterator[tuple[Shard, float]]:
        """Yield each shard that is written, with the seconds it took times `jobs`, in the order of completion.

        Once `stopping` returns true, the shards under review are abandoned. Raises InputError and OSError.
        """
        waiting = list(shards)
        if not waiting:
            return
        for one in waiting:
            (self.task.folder / VERDICTS / one.name).unlink(missing_ok=True)  # damaged
        with session(self.master, self.task.how.lang) as spark, ThreadPoolExecutor(1) as thread:
            job = thread.submit(self._job, spark, tuple(waiting))
            try:
                yield from self._finished(spark, job, waiting, stopping)
            finally:
                if not job.done():
                    spark.sparkContext.cancelAllJobs()

    def _job(self, spark: SparkSession, shards: Sequence[Shard]) -> None:
        """Write all shards: one task for each, in their order."""
        places = spark.range(0, len(shards), 1, len(shards))
        places.mapInArrow(partial(write_shards, self.task, shards), RESULT).collect()

    def _finished(
        self, spark: SparkSession, job: Future[None], waiting: list[Shard], stopping: Callable[[], bool]
    ) -> Iterator[tuple[Shard, float]]:
        """Yield the shards whose files appear, until the job ends."""
        before = time.monotonic()
        while waiting:
            ended = job.done()
            present = {path.name for path in (self.task.folder / VERDICTS).iterdir()}
            found = [one for one in waiting if one.name in present]
            now = time.monotonic()
            for one in found:
                waiting.remove(one)
                yield one, (now - before) * self.jobs / len(found)
            before = now if found else before
            if stopping():
                return
            if ended:
                break
            time.sleep(POLL)
        if not waiting:
            wait([job], LAST)
            return
        error = job.exception()
        if error is not None:
            raise _translated(error, self.task.how.lang) from error
        raise InputError(
            say(
                self.task.how.lang,
                f"{self.task.folder}：Spark 已写完，但这里没有 {waiting[0].name}；输入和输出须在所有节点共享的文件系统上",
                f"{self.task.folder}: Spark has finished, but {waiting[0].name} is not here; "
                "input and output must be on a file system that all nodes share",
            )
        )


def _translated(error: BaseException, lang: Lang) -> Exception:
    """Return the error of a failed job: that of the shard if one was raised, else Spark's own."""
    raised = _RAISED.search(str(error))
    if raised:
        found: dict[str, Any] = json.loads(raised[1])
        if found["errno"] is not None:
            return OSError(found["errno"], found["message"])
        return InputError(found["message"])
    reason = _reason(str(error))
    return InputError(
        say(
            lang,
            f"Spark 作业失败：{reason}；完成的分片已保留，再次运行同一命令即可继续",
            f"the Spark job failed: {reason}; the finished shards are kept, run the same command again to continue",
        )
    )


def _reason(text: str) -> str:
    """Return the line of Spark's message with the reason: the last of a Python traceback, else the first."""
    lines = [line.strip() for line in text.partition("\n\tat ")[0].splitlines()]
    lines = [line for line in lines if line and not line.startswith(("SQLSTATE:", "Driver stacktrace:"))]
    if not lines:
        return "?"
    return lines[-1] if any("Traceback (most recent call last)" in line for line in lines) else lines[0]
