"""Runs in a worker process: builds a reviewer once, then reviews shards and writes their two files."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, Final

from smsvet import Reviewer

from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..wording import say
from .additions import NOTHING, TALLY, Addition, Additions, ShardAddition
from .deadline import ROW_SECONDS, Watch
from .durable import replacing
from .output_tables import SCHEMA, Tables, counted, tables
from .reading import ShardReader, Slice
from .reviewing import Review
from .shards import Shard
from .sources import Interpretation, Source

KEY: Final = b"smsvet.shard"
"""Metadata key of an output file: what `Written` has, as JSON."""
VERDICTS, FINDINGS = "verdicts", "findings"
"""The folders of the two tables."""


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


@dataclass(frozen=True, slots=True)
class Written:
    """The counts of a finished shard: rows, items by decision, items by rule, findings, and what it has of a baseline."""

    rows: int
    decisions: Counter[str]
    rules: Counter[str]
    findings: int
    tally: Mapping[str, Any] | None = None


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

        The findings come first: a shard with a file of verdicts is complete.
        """
        import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

        begin = time.monotonic()
        name = self.task.sources[shard.source].file.name
        addition = self.addition.shard()
        parts = [self.reviewed(name, one, poisoned, addition) for one in self.reader.slices(shard)]
        verdicts = pa.concat_tables([part.verdicts for part in parts])
        findings = pa.concat_tables([part.findings for part in parts])
        decisions, rules = counted(verdicts)
        written = {
            "schema": SCHEMA,
            "run": self.task.run,
            "shard": shard.number,
            "rows": verdicts.num_rows,
            "findings": findings.num_rows,
            "decisions": dict(sorted(decisions.items())),
            "rules": dict(sorted(rules.items())),
            **addition.record(),
        }
        addition.write(self.task.folder, shard.name)
        metadata = {KEY: json.dumps(written).encode()}
        for folder, table in ((FINDINGS, findings), (VERDICTS, verdicts)):
            _write(self.task.folder / folder / shard.name, table.replace_schema_metadata(metadata))
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


def read_written(path: Path, run: str, shard: Shard) -> Written | None:
    """Return what a file of verdicts holds; None if it does not exist, is damaged or belongs to another run."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        metadata = pq.read_metadata(path)
        found = json.loads(metadata.metadata[KEY])
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
        return None
    if (found["run"], found["shard"], found["rows"]) != (run, shard.number, shard.kept):
        return None
    decisions, rules = Counter(found["decisions"]), Counter(found["rules"])
    return Written(found["rows"], decisions, rules, found["findings"], found.get(TALLY))


def _write(path: Path, table: Any) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


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
