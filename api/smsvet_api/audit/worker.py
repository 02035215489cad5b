"""Runs in a worker process: builds a reviewer once, then reviews shards and writes their two files."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from smsvet import Reviewer

from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..wording import say
from .additions import NOTHING, Addition, Additions, ShardAddition
from .deadline import ROW_SECONDS, Watch
from .output_tables import SCHEMA, Tables, counted, tables
from .reading import ShardReader, Slice
from .reviewing import Review
from .shard_files import FINDINGS, VERDICTS, shard_file
from .shards import Shard
from .sources import Interpretation, Source


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that the workers of a run share."""

    config: Effective
    cache: Path | None
    revision: str
    how: Interpretation
    as_of: date
    sources: tuple[Source, ...]
    schema: Any
    where: str | None
    sample: float | None
    folder: Path
    run: str
    additions: Additions = NOTHING
    row_seconds: float = ROW_SECONDS

    def reader(self) -> ShardReader:
        """Return the reader of the run's shards. Raises InputError."""
        return ShardReader(self.sources, self.schema, self.how, self.where, self.sample)


class Worker:
    """The state of a worker process."""

    def __init__(self, task: Task, reviewer: Reviewer | None = None, watch: Watch | None = None) -> None:
        self.task = task
        lang = task.how.lang
        reviewer = reviewer or load(task.config, task.cache)
        if reviewer.revision != task.revision:
            raise InputError(
                say(
                    lang,
                    "规则内容在运行中被修改；请恢复，或用 --new-run 重新开始",
                    "the content of rules changed during the run; restore it, or begin anew with --new-run",
                )
            )
        self.review = Review(reviewer, task.how.provider, task.as_of, lang, task.row_seconds, watch)
        self.reader = task.reader()
        self.addition = Addition(task.additions, self.review)

    def write(self, shard: Shard, poisoned: Collection[int]) -> float:
        """Review a shard and write its files; return the seconds taken. Raises InputError and OSError.

        The memory used does not depend on the size of the shard. The findings are renamed first: a shard with a file of
        verdicts is complete.
        """
        begin = time.monotonic()
        name = self.task.sources[shard.source].file.name
        addition = self.addition.shard()
        with (
            shard_file(self.task.folder / VERDICTS / shard.name) as verdicts,
            shard_file(self.task.folder / FINDINGS / shard.name) as findings,
        ):
            decisions: Counter[str] = Counter()
            rules: Counter[str] = Counter()
            for one in self.reader.slices(shard):
                part = self.reviewed(name, one, poisoned, addition)
                verdicts.append(part.verdicts)
                findings.append(part.findings)
                for total, more in zip((decisions, rules), counted(part.verdicts), strict=True):
                    total.update(more)
            written = {
                "schema": SCHEMA,
                "run": self.task.run,
                "shard": shard.number,
                "rows": verdicts.rows,
                "findings": findings.rows,
                "decisions": dict(sorted(decisions.items())),
                "rules": dict(sorted(rules.items())),
                **addition.record(),
            }
            addition.write(self.task.folder, shard.name)
            for file in (findings, verdicts):
                file.describe(written)
        return time.monotonic() - begin

    def reviewed(self, name: str, one: Slice, poisoned: Collection[int], addition: ShardAddition) -> Tables:
        """Return both tables of some rows of the file `name`."""
        numbers = [row.line for row in one.rows]
        made = tables(name, one.cells, numbers, self.review.verdicts(one.rows, poisoned))
        return addition.extended(name, one.rows, made)

    def probe(self, shard: Shard, low: int, high: int, poisoned: Collection[int]) -> list[int]:
        """Review the kept rows from `low` to `high` of a shard and return their row numbers; write nothing."""
        found, place = [], 0
        name, addition = self.task.sources[shard.source].file.name, self.addition.shard()
        for one in self.reader.slices(shard):
            first = max(low - place, 0)
            rows = one.rows[first : max(high - place, 0)]
            place += len(one.rows)
            if rows:
                self.reviewed(name, Slice(one.cells.slice(first, len(rows)), rows), poisoned, addition)
                found += [row.line for row in rows]
        return found


def load(config: Effective, cache: Path | None) -> Reviewer:
    """Return the reviewer of a configuration. Raises ContentError."""
    return Reviewer(
        config.folders, config.policy, cache=cache, check_trust=config.check_trust, model=config.model
    )


_worker: Worker | Exception | None = None
"""The worker of this process, or the error that prevented it."""


def start(task: Task, watch: Watch) -> None:
    """Prepare this process; the initializer of the pool. An error is raised again by the first job."""
    global _worker  # noqa: PLW0603 - one worker a process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    threading.Thread(target=_end_with_parent, daemon=True).start()
    watch.join()
    try:
        _worker = Worker(task, watch=watch)
    except Exception as error:  # noqa: BLE001 - raised by the first job
        _worker = error
    gc.freeze()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        with contextlib.suppress(OSError):
            parent.join()
    os._exit(1)


def write_shard(shard: Shard, poisoned: Collection[int]) -> float:
    """Do `Worker.write` in this process."""
    return _ready().write(shard, poisoned)


def probe_shard(shard: Shard, low: int, high: int, poisoned: Collection[int]) -> list[int]:
    """Do `Worker.probe` in this process."""
    return _ready().probe(shard, low, high, poisoned)


def _ready() -> Worker:
    if not isinstance(_worker, Worker):
        raise _worker or RuntimeError("start")
    return _worker
