"""Runs in the Python workers of Spark: writes the shards of an audit, each as a task."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ...files.rows import InputError
from ..pool import write_alone
from ..shards import Shard
from ..worker import Task, Worker

RESULT: Final = "number int, seconds double"
"""The columns that a task returns: the number of the shard, and how long it took."""


class ShardError(Exception):
    """A shard cannot be written. The message is JSON: it reaches the driver inside Spark's own message."""

    @classmethod
    def of(cls, error: InputError | OSError) -> ShardError:
        """Return the error that carries `error` to the driver."""
        number = error.errno if isinstance(error, OSError) else None
        return cls(json.dumps({"errno": number, "message": str(error)}))


_worker: tuple[tuple[str, str], Worker] | None = None
"""The worker of this process with its run and folder; Spark gives a process many tasks."""


def write_shards(task: Task, shards: Sequence[Shard], batches: Iterator[Any]) -> Iterator[Any]:
    """Write the shards whose places are in the batches, and yield the rows of RESULT. Raises ShardError.

    A second attempt writes its shard in a process of its own, where the row that ends the process is found: the first
    one may have died of it.
    """
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it
    from pyspark import TaskContext  # noqa: PLC0415 - as above  # pyright: ignore[reportMissingImports]

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the driver handles Ctrl-C
    context = TaskContext.get()
    again = context is not None and context.attemptNumber() > 0
    for batch in batches:
        for place in batch.column(0).to_pylist():
            shard = shards[place]
            try:
                seconds = write_alone(task, shard) if again else _of(task).write(shard, ())
            except (InputError, OSError) as error:
                raise ShardError.of(error) from error
            yield pa.record_batch(
                [pa.array([shard.number], pa.int32()), pa.array([seconds])], ["number", "seconds"]
            )


def _of(task: Task) -> Worker:
    """Return the worker of this process for a run."""
    global _worker  # noqa: PLW0603 - one worker a process
    key = (task.run, str(task.folder))
    if _worker is None or _worker[0] != key:
        _worker = key, Worker(task)
    return _worker[1]
