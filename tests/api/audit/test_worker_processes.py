"""Worker processes and the command line: every death leaves a run that continues, with every row exactly once."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench.speed import batch
from smsvet_api.audit.lock import locked

from ..cli.command_line import ROOT, surroundings
from .archive import BANNED, CLEAN

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
SHARDS = 24


def command(archive: Path, out: Path, *more: str) -> list[str]:
    options = (
        "--json",
        "--lang",
        "en",
        "--jobs",
        "2",
        "--shard-rows",
        "100",
        "--as-of",
        "2026-11-20",
        "--no-config",
    )
    return [sys.executable, "-m", "smsvet_api", "audit", str(archive), str(out), *options, *more]


def started(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings(), cwd=ROOT
    )


def finished(arguments: list[str]) -> tuple[int, dict[str, Any], str]:
    """Run a command and return its status, its summary and its errors."""
    process = started(arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, json.loads(out) if out else {}, err.decode()


def workers(parent: int) -> list[int]:
    """Return the worker processes of an audit that are alive."""
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        try:
            state, above = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            if int(above) == parent and state != "Z" and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)


def shards_of(out: Path) -> int:
    return len(list(out.glob("run=*/verdicts/*.parquet")))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = 100 * SHARDS
    bodies = [f"{BANNED}{number}" if number % 20 == 0 else f"{CLEAN}{number}" for number in range(rows)]
    path = tmp_path_factory.mktemp("archive") / "a.parquet"
    pq.write_table(pa.table({"id": [str(number) for number in range(rows)], "body": bodies}), path)
    return path


@pytest.fixture(scope="module")
def undisturbed(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    status, summary, err = finished(command(archive, tmp_path_factory.mktemp("out")))
    assert status == 0, err
    assert summary["rows"] == 100 * SHARDS
    return summary


def check_complete(out: Path, summary: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    assert {name: summary[name] for name in ("digest", "rows", "decisions", "findings")} == {
        name: undisturbed[name] for name in ("digest", "rows", "decisions", "findings")
    }
    table = pq.read_table(next(out.glob("run=*")) / "verdicts")
    assert sorted(map(int, table["smsvet_id"].to_pylist())) == list(range(100 * SHARDS))


@pytest.mark.parametrize("moment", range(3))
def test_a_killed_audit_continues(
    archive: Path, undisturbed: dict[str, Any], tmp_path: Path, moment: int
) -> None:
    chance = random.Random()
    process = started(command(archive, tmp_path))
    wanted = chance.randrange(moment * 8, moment * 8 + 8)
    until(lambda: shards_of(tmp_path) >= wanted or process.poll() is not None)
    time.sleep(chance.random() / 10)
    below = workers(process.pid)
    process.kill()
    process.communicate()
    until(lambda: not any(map(alive, below)))
    assert not any(map(alive, below)), "workers outlive the audit"
    status, summary, err = finished(command(archive, tmp_path))
    assert status == 0, err
    check_complete(tmp_path, summary, undisturbed)


@pytest.mark.parametrize("moment", range(3))
def test_a_killed_worker_is_replaced(
    archive: Path, undisturbed: dict[str, Any], tmp_path: Path, moment: int
) -> None:
    chance = random.Random()
    process = started(command(archive, tmp_path))
    wanted = chance.randrange(moment * 7, moment * 7 + 7)
    until(lambda: process.poll() is not None or bool(shards_of(tmp_path) >= wanted and workers(process.pid)))
    for worker in chance.sample(workers(process.pid), 1):
        os.kill(worker, signal.SIGKILL)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err.decode()
    check_complete(tmp_path, json.loads(out), undisturbed)


def test_the_first_interrupt_finishes_the_shards_under_review(
    archive: Path, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    process = started(command(archive, tmp_path))
    until(lambda: shards_of(tmp_path) >= 1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130, err.decode()
    assert "run the same command again to continue" in err.decode()
    assert 1 <= shards_of(tmp_path) < SHARDS
    status, summary, _ = finished(command(archive, tmp_path))
    assert (status, summary["resumed"] > 0) == (0, True)
    check_complete(tmp_path, summary, undisturbed)


def test_a_second_audit_on_the_folder_is_refused(archive: Path, tmp_path: Path) -> None:
    with locked(tmp_path, "en"):
        status, _, err = finished(command(archive, tmp_path))
    assert status == 3
    assert f"another audit is writing here (process {os.getpid()} on " in err


def test_a_full_disk_is_named_and_the_run_continues(
    archive: Path, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    """A limit on the size of files stands for a full disk; the workers inherit it."""
    process = started(command(archive, tmp_path))
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (6000, 6000))
    _, err = process.communicate(timeout=300)
    assert process.returncode == 3
    assert "out of space (File too large)" in err.decode()
    assert not list(tmp_path.glob("run=*/*/.*.tmp"))
    status, summary, err_text = finished(command(archive, tmp_path))
    assert status == 0, err_text
    check_complete(tmp_path, summary, undisturbed)


DEADLY = """title: {zh: 致命, en: Deadly}
decision: reject
message: {zh: 无, en: none}
why: {zh: 无, en: none}
fix: {zh: 无, en: none}
source: our own policy
check: {kind: python}
examples:
  flag: [{body: 致命}]
  pass: [{body: 您好}]
"""
ENDS_THE_PROCESS = """import os
from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    if "致命" in (document.submission.body or ""):
        os._exit(9)
    yield from ()
"""


HANGS = """from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    while "致命" in (document.submission.body or ""):
        pass
    yield from ()
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [(ENDS_THE_PROCESS, "the worker process died or hung"), (HANGS, "the review took longer than 10 s")],
    ids=["ends", "hangs"],
)
def test_a_row_that_ends_or_holds_its_worker_costs_only_that_row(
    tmp_path: Path, code: str, said: str
) -> None:
    rules = tmp_path / "rules/own"
    rules.mkdir(parents=True)
    (rules / "deadly.yaml").write_text(DEADLY, encoding="utf-8")
    (rules / "deadly.py").write_text(code, encoding="utf-8")
    bodies = [f"致命{number}" if number == 77 else f"{CLEAN}{number}" for number in range(250)]
    archive = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [str(number) for number in range(250)], "body": bodies}), archive)
    more = ("--rules", str(rules.parent), "--row-seconds", "10")
    status, summary, err = finished(command(archive, tmp_path / "out", *more))
    assert status == 0, err
    assert summary["decisions"] == {"approve": 249, "error": 1}
    table = pq.read_table(next((tmp_path / "out").glob("run=*")) / "verdicts").to_pylist()
    (row,) = [row for row in table if row["smsvet_error"]]
    assert (row["smsvet_file"], row["smsvet_row"], row["smsvet_id"]) == ("a.parquet", 78, "77")
    assert said in row["smsvet_error"]


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    """The engine takes most of a process; the rest allows for caches that fill up, and for the allocator."""
    peaks: list[tuple[float, float]] = []
    for rows in (10_000, 100_000):
        path = tmp_path / f"{rows}.parquet"
        batch.archive(path, rows, 0.05)
        found = batch.audited(path, tmp_path / str(rows), 2)
        assert sum(found.decisions.values()) == rows
        peaks.append((found.parent, found.worker))
    (parent, worker), (larger_parent, larger_worker) = peaks
    assert larger_parent < 1.2 * parent
    assert larger_worker < 1.2 * worker
