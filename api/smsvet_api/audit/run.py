"""Runs an audit from the input files to the manifest, or continues one that was interrupted."""

from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import smsvet
from smsvet import Reviewer

from ..configuration.precedence import Effective
from ..files.rows import InputError
from ..store.table_address import is_address, parse_address
from ..wording import say
from .additions import NOTHING, Additions
from .deadline import ROW_SECONDS
from .durable import remove_leftovers, write_text
from .exports import with_exports
from .inputs import InputFile, find_inputs
from .lock import locked
from .manifest import read_manifest, write_manifest
from .plan import LATEST, WORK, Run, choose_run
from .pool import Pool
from .preparation import shards_of, sources_of
from .progress import Progress
from .retention import remove_old_runs
from .shard_files import FINDINGS, VERDICTS, read_written
from .shards import Shard, in_random_order
from .sources import Interpretation, Mapped, Note, joint_schema
from .space import shortage
from .table_copy import STAGED, moved_copy, staged_table
from .worker import Task

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class InterruptedAuditError(Exception):
    """The user stopped the audit; the rows done are kept."""


class Workers(Protocol):
    """Runs shards: the local pool of processes, or Spark."""

    def run(self, shards: Iterable[Shard], stopping: Callable[[], bool]) -> Iterator[tuple[Shard, float]]:
        """Yield each shard that is written, with the seconds it took."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices for an audit. Without `as_of`, `today` is the date of new runs.

    `workers` makes what runs the shards, by default processes of this machine.
    """

    given: str
    out: Path
    config: Effective
    cache: Path | None
    how: Interpretation
    as_of: date | None
    today: date
    where: str | None = None
    sample: float | None = None
    limit: int | None = None
    shard_rows: int | None = None
    jobs: int = 1
    new_run: bool = False
    workers: Callable[[Task, int], Workers] | None = None
    additions: Additions = NOTHING
    row_seconds: float = ROW_SECONDS
    formats: tuple[str, ...] = ()
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """Callbacks during a run. `stopping` returns whether no more shards should start."""

    note: Note = lambda _: None
    mapped: Mapped = lambda _: None
    began: Callable[[Run, Progress], None] = lambda run, progress: None
    advanced: Callable[[Progress], None] = lambda _: None
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished run: its folder and manifest. `progress` is None if it had been finished before."""

    run: Run
    manifest: dict[str, Any]
    progress: Progress | None


def audit(settings: Settings, reviewer: Reviewer, watcher: Watcher) -> Outcome:
    """Review all rows of the input exactly once and return the finished run.

    Raises InputError for wrong input, a run that cannot be continued and a full disk, and InterruptedAuditError.
    """
    lang = settings.how.lang
    address = parse_address(settings.given, lang) if is_address(settings.given) else None
    files: tuple[InputFile, ...] = () if address else find_inputs(settings.given, lang)
    _check_apart(settings, files)
    try:
        settings.out.mkdir(parents=True, exist_ok=True)
        with locked(settings.out, lang):
            if address is not None:
                remove_leftovers(settings.out)
                selects = settings.where is not None or settings.sample is not None
                limit = None if selects else settings.limit
                files = (staged_table(address, settings.out, lang, limit, settings.new_run),)
            request = request_of(settings, files, reviewer.revision)
            run = choose_run(settings.out, request, settings.as_of, settings.today, settings.new_run, lang)
            if run.finished:
                outcome = Outcome(run, read_manifest(run.folder, lang), None)
            else:
                if address is not None:
                    files = tuple(moved_copy(one, run.folder) for one in files)
                outcome = _finished(settings, files, reviewer, run, request, watcher)
            manifest = with_exports(run.folder, outcome.manifest, settings.formats)
            write_text(settings.out / LATEST, f"{run.folder.name}\n")
            shutil.rmtree(run.folder / WORK, ignore_errors=True)
            (settings.out / STAGED).unlink(missing_ok=True)
            if settings.keep is not None:
                remove_old_runs(settings.out, settings.keep)
            return replace(outcome, manifest=manifest)
    except OSError as error:
        raise InputError(_cannot_write(settings, error)) from error


def request_of(settings: Settings, files: tuple[InputFile, ...], revision: str) -> dict[str, Any]:
    """Return what identifies a run: inputs, content, version and the options that change the output."""
    return {
        "smsvet": smsvet.__version__,
        "revision": revision,
        "inputs": [one.identity() for one in files],
        "options": {
            "as_of": settings.as_of.isoformat() if settings.as_of else None,
            "column": list(settings.how.columns),
            "lang": settings.how.lang,
            "limit": settings.limit,
            "provider": settings.how.provider,
            "sample": settings.sample,
            "shard_rows": settings.shard_rows,
            "where": settings.where,
            **settings.additions.request(),
        },
    }


def _shown(settings: Settings) -> str:
    """Return the input as given, without a password."""
    given = settings.given
    return parse_address(given, settings.how.lang).shown if is_address(given) else given


def _check_apart(settings: Settings, files: tuple[InputFile, ...]) -> None:
    """Raise InputError if the output lies among the input, which the next run would then read."""
    out = settings.out.resolve()
    folder = Path(settings.given).resolve()
    if (folder.is_dir() and out.is_relative_to(folder)) or any(one.path.is_relative_to(out) for one in files):
        raise InputError(
            say(
                settings.how.lang,
                f"{settings.out}：输出文件夹不能与输入重叠",
                f"{settings.out}: the output folder must be apart from the input",
            )
        )


def _finished(
    settings: Settings,
    files: tuple[InputFile, ...],
    reviewer: Reviewer,
    run: Run,
    request: dict[str, Any],
    watcher: Watcher,
) -> Outcome:
    """Return a run after its remaining shards and its manifest are written."""
    began = datetime.now(UTC)
    for name in (VERDICTS, FINDINGS, WORK):
        (run.folder / name).mkdir(exist_ok=True)
        remove_leftovers(run.folder / name)
    settings.additions.prepare(run.folder)
    remove_leftovers(run.folder)
    sources, size = sources_of(
        files, settings.how, run.folder / WORK, settings.shard_rows, watcher.note, watcher.mapped
    )
    schema = joint_schema(sources, settings.how)
    task = Task(
        settings.config, settings.cache, reviewer.revision, settings.how, run.as_of, sources, schema,
        settings.where, settings.sample, run.folder, run.id, settings.additions,
        settings.row_seconds,
    )  # fmt: skip
    shards = shards_of(task.reader(), sources, size, settings.limit)
    if not shards:
        shown = _shown(settings)
        raise InputError(say(settings.how.lang, f"{shown}：没有要审核的行", f"{shown}: no row to review"))
    progress = Progress(sum(one.kept for one in shards), settings.jobs)
    waiting: list[Shard] = []
    for one in shards:
        written = read_written(run.folder / VERDICTS / one.name, run.id, one)
        if written is None:
            waiting.append(one)
        else:
            progress.add(written, None)
    carried = sum(source.path.stat().st_size for source in sources) * progress.left_share
    short = shortage(run.folder, progress.total - progress.rows, int(carried), settings.how.lang)
    if short is not None:
        watcher.note(short)
    watcher.began(run, progress)
    workers = settings.workers or Pool
    pool = workers(task, max(min(settings.jobs, len(waiting)), 1))
    for shard, seconds in pool.run(in_random_order(waiting, run.id), watcher.stopping):
        written = read_written(run.folder / VERDICTS / shard.name, run.id, shard)
        if written is None:
            raise InputError(
                say(
                    settings.how.lang,
                    f"{run.folder}：{shard.name} 写入后无法读取或行数不符",
                    f"{run.folder}: {shard.name} was written but cannot be read, or its rows do not add up",
                )
            )
        progress.add(written, seconds)
        watcher.advanced(progress)
    if progress.rows < progress.total:
        raise InterruptedAuditError
    facts = {
        "run": run.id,
        "as_of": run.as_of.isoformat(),
        **request,
        "columns": {field.name: str(field.type) for field in schema},
        "rows": progress.rows,
        "findings": progress.findings,
        "decisions": dict(progress.decisions),
        "rules": dict(progress.rules),
        **settings.additions.finish(
            run.folder, progress.baseline, run.as_of, frozenset(one.id for one in reviewer.rules)
        ),
        "started": began.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return Outcome(run, write_manifest(run.folder, facts), progress)


def _cannot_write(settings: Settings, error: OSError) -> str:
    """Return the message for a failed write, with the number of finished shards and the way to continue."""
    lang = settings.how.lang
    kept: Counter[str] = Counter(
        path.parent.name for path in settings.out.glob(f"run=*/{VERDICTS}/*.parquet")
    )
    done = kept[VERDICTS]
    why = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in _FULL:
        return say(
            lang,
            f"{settings.out}：空间不足，无法写入（{why}）；已完成 {done} 个分片并保留；腾出空间后再次运行同一命令即可继续",
            f"{settings.out}: out of space ({why}); {done} shards are done and kept; make room and run the same command again",
        )
    return say(
        lang,
        f"{settings.out}：无法写入（{why}）；已完成 {done} 个分片并保留；再次运行同一命令即可继续",
        f"{settings.out}: cannot write ({why}); {done} shards are done and kept; run the same command again to continue",
    )
