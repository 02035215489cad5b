"""An audit with Spark as the pool, with a session that runs the job in a thread of the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet_api.audit.run import InterruptedAuditError, Watcher
from smsvet_api.audit.shards import Shard
from smsvet_api.audit.spark import pool
from smsvet_api.audit.spark.pool import SparkPool
from smsvet_api.audit.worker import Task, Worker
from smsvet_api.files.rows import InputError

from .archive import audited, parquet, verdicts

Job = Callable[[Task, Sequence[Shard]], None]


class Session:
    """Stands for a Spark session: `job` runs instead of the tasks."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.cancelled = Event()

    @property
    def sparkContext(self) -> Session:  # noqa: N802 - the name of Spark
        return self

    def cancelAllJobs(self) -> None:  # noqa: N802 - the name of Spark
        self.cancelled.set()

    def range(self, start: int, end: int, step: int, partitions: int) -> Session:
        assert (start, end, step) == (0, partitions, 1)
        self.partitions = partitions
        return self

    def mapInArrow(self, function: partial[Any], schema: str) -> Session:  # noqa: N802 - the name of Spark
        assert len(function.args[1]) == self.partitions
        self.collect = partial(self.job, *function.args)
        return self


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return parquet(tmp_path / "a.parquet")


@pytest.fixture
def on_spark(
    archive: Path, tmp_path: Path, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Return a function that audits the archive with a job in place of Spark's tasks."""
    monkeypatch.setattr(pool, "POLL", 0.01)

    def run(job: Job, watcher: Watcher | None = None) -> Any:
        session = Session(job)

        @contextmanager
        def started(master: str, lang: str) -> Iterator[Session]:
            yield session

        monkeypatch.setattr(pool, "session", started)
        return audited(
            archive, tmp_path / "spark", reviewer, watcher, workers=partial(SparkPool, "local[2]")
        ), session

    return run


def writing(reviewer: Reviewer, most: int | None = None) -> Job:
    def job(task: Task, shards: Sequence[Shard]) -> None:
        for shard in list(shards)[:most]:
            Worker(task, reviewer).write(shard, ())

    return job


def failing(error: Exception) -> Job:
    def job(task: Task, shards: Sequence[Shard]) -> None:
        raise error

    return job


def test_the_run_is_that_of_local_processes(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any, on_spark: Callable[..., Any]
) -> None:
    local = audited(archive, tmp_path / "local", reviewer)
    outcome, session = on_spark(writing(reviewer))
    assert outcome.manifest["digest"] == local.manifest["digest"]
    assert outcome.run.id == local.run.id
    assert verdicts(outcome) == verdicts(local)
    assert not session.cancelled.is_set()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            Exception('x.ShardError: {"errno": 28, "message": "No space left"}\n'),
            r"out of space .*; 0 shards",
        ),
        (Exception('ShardError: {"errno": null, "message": "a.parquet: changed"}'), r"^a\.parquet: changed$"),
        (
            Exception("Job aborted: Python worker exited unexpectedly\n\tat org.apache.Spark\nCaused by: x"),
            "the Spark job failed: Job aborted: Python worker exited unexpectedly; the finished shards are kept",
        ),
        (
            Exception(
                "Traceback (most recent call last):\n  File x\nValueError: y\n SQLSTATE: 38000\n\tat org"
            ),
            "the Spark job failed: ValueError: y; the finished",
        ),
        (Exception(), r"the Spark job failed: \?; "),
    ],
)
def test_the_reason_of_a_failed_job_is_named(
    error: Exception, message: str, on_spark: Callable[..., Any]
) -> None:
    with pytest.raises(InputError, match=message):
        on_spark(failing(error))


def test_a_job_that_fails_after_its_last_shard_leaves_a_complete_run(
    reviewer: Reviewer, on_spark: Callable[..., Any]
) -> None:
    def job(task: Task, shards: Sequence[Shard]) -> None:
        writing(reviewer)(task, shards)
        raise RuntimeError("lost the worker")

    outcome, _ = on_spark(job)
    assert outcome.manifest["rows"] == 60


def test_shards_of_the_workers_of_a_killed_driver_count(
    reviewer: Reviewer, on_spark: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may appear before the job of the next attempt has begun."""
    begun = Event()
    job_of, range_of = SparkPool._job, Session.range  # pyright: ignore[reportPrivateUsage]

    def with_orphan(self: SparkPool, spark: Any, shards: Sequence[Shard]) -> None:
        Worker(self.task, reviewer).write(shards[0], ())
        job_of(self, spark, shards)

    def late(self: Session, start: int, end: int, step: int, partitions: int) -> Session:
        begun.wait(60)
        return range_of(self, start, end, step, partitions)

    monkeypatch.setattr(SparkPool, "_job", with_orphan)
    monkeypatch.setattr(Session, "range", late)
    outcome, _ = on_spark(writing(reviewer), Watcher(advanced=lambda progress: begun.set()))
    assert outcome.manifest["rows"] == 60


def test_a_run_that_failed_continues(reviewer: Reviewer, on_spark: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match=r"shard-[0-9]{5}\.parquet is not here; .* all nodes share"):
        on_spark(writing(reviewer, 4))
    outcome, _ = on_spark(writing(reviewer))
    assert 0 < outcome.progress.resumed < 60
    assert outcome.manifest["rows"] == 60


def test_a_damaged_shard_is_written_again(
    archive: Path, tmp_path: Path, reviewer: Reviewer, inline: Any, on_spark: Callable[..., Any]
) -> None:
    local = audited(archive, tmp_path / "local", reviewer)
    with pytest.raises(InputError, match="all nodes share"):
        on_spark(writing(reviewer, 4))
    shard = next((tmp_path / "spark").glob("run=*/verdicts/*.parquet"))
    shard.write_bytes(shard.read_bytes()[:100])
    outcome, _ = on_spark(writing(reviewer))
    assert outcome.manifest["digest"] == local.manifest["digest"]


def test_an_interrupt_cancels_the_job(reviewer: Reviewer, on_spark: Callable[..., Any]) -> None:
    done: list[int] = []
    ended = Event()

    def job(task: Task, shards: Sequence[Shard]) -> None:
        Worker(task, reviewer).write(shards[0], ())
        ended.wait(60)
        raise RuntimeError("cancelled")

    def stopping() -> bool:
        if done:
            ended.set()
        return bool(done)

    with pytest.raises(InterruptedAuditError):
        on_spark(job, Watcher(advanced=lambda progress: done.append(progress.rows), stopping=stopping))
    assert len(done) == 1  # shards come in random order, and one of them is smaller


def test_the_error_of_a_shard_is_one_line_of_json(archive: Path) -> None:
    from smsvet_api.audit.spark.shard_tasks import ShardError

    assert json.loads(str(ShardError.of(InputError("first\nsecond")))) == {
        "errno": None,
        "message": "first\nsecond",
    }
    assert "\n" not in str(ShardError.of(InputError("first\nsecond")))
    assert json.loads(str(ShardError.of(OSError(28, "full"))))["errno"] == 28
