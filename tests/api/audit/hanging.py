"""A worker whose rows do nothing, but for those that never end; it needs no content and starts at once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from smsvet_api.audit import worker
from smsvet_api.audit.deadline import Watch
from smsvet_api.audit.pool import Pool
from smsvet_api.audit.shards import Shard


@dataclass
class Rows:
    """The task of the worker: the folder for its output, and the rows that hang or end the process."""

    folder: Path
    hanging: Collection[int] = ()
    deadly: Collection[int] = ()


class IdleWorker(worker.Worker):
    """Writes the numbers of the rows that it left out."""

    def __init__(self, rows: Rows, watch: Watch) -> None:
        self.rows = rows
        self.watch = watch

    def write(self, shard: Shard, poisoned: Collection[int]) -> float:
        self.probe(shard, 0, shard.kept, poisoned)
        (self.rows.folder / shard.name).write_text(repr(sorted(poisoned)), encoding="utf-8")
        return 0.0

    def probe(self, shard: Shard, low: int, high: int, poisoned: Collection[int]) -> list[int]:
        numbers = list(range(shard.before + 1 + low, shard.before + 1 + high))
        with self.watch.expecting(0.5):
            for number in numbers:
                if number in self.rows.deadly and number not in poisoned:
                    os._exit(9)
                if number in self.rows.hanging and number not in poisoned:
                    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
                    while True:
                        time.sleep(1)
        return numbers


def begin(rows: Rows, watch: Watch) -> None:
    """Prepare a worker process."""
    watch.join()
    worker._worker = IdleWorker(rows, watch)


class IdlePool(Pool):
    initializer = staticmethod(cast("Any", begin))
