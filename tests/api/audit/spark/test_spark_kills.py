"""Audits on Spark whose processes are killed: every row exactly once, and the digest of a local run.

SMSVET_KILLS is the number of random moments, 3 by default.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ..archive import BANNED, CLEAN
from .processes import LONG, alive, below, java, kill, python_workers, started, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.usefixtures("installed"),
]
SHARDS = 24
KILLS = int(os.environ.get("SMSVET_KILLS", "3"))
TOGETHER = 3
"""Kills of one run: Spark ends a job when one task has failed four times."""
ON_SPARK = ("--engine", "spark", "--master", "local[2]")


def command(archive: Path, out: Path, *more: str) -> list[str]:
    options = ["--json", "--lang", "en", "--shard-rows", "100", "--as-of", "2026-11-20", "--no-config"]
    return ["audit", str(archive), str(out), *options, *more]


def finished(arguments: list[str]) -> dict[str, Any]:
    process = started(arguments)
    out, err = process.communicate(timeout=LONG)
    assert process.returncode == 0, err.decode()
    summary: dict[str, Any] = json.loads(out)
    return summary


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
def local(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the summary of an undisturbed local run."""
    return finished(command(archive, tmp_path_factory.mktemp("out")))


def check_complete(archive: Path, out: Path, summary: dict[str, Any], local: dict[str, Any]) -> None:
    same = ("run", "digest", "rows", "decisions", "findings")
    assert {name: summary[name] for name in same} == {name: local[name] for name in same}
    table = pq.read_table(next(out.glob("run=*")) / "verdicts")
    assert sorted(map(int, table["smsvet_id"].to_pylist())) == list(range(100 * SHARDS))
    assert not list(out.glob("run=*/*/.*.tmp"))


def groups() -> list[int]:
    """Return how many kills each run has."""
    return [min(TOGETHER, KILLS - first) for first in range(0, KILLS, TOGETHER)]


def random_moment(process: subprocess.Popen[bytes], out: Path, number: int) -> None:
    """Wait for a random moment of the part `number` of a run: the first one also covers the start of Spark."""
    until(lambda: process.poll() is not None or bool(java(process.pid)))
    wanted = random.randrange(number * 7, number * 7 + 7)
    until(lambda: process.poll() is not None or shards_of(out) >= wanted)
    time.sleep(random.random() * (0.1 if wanted else 8))


@pytest.mark.parametrize("kills", groups())
def test_killed_python_workers_are_replaced(
    archive: Path, local: dict[str, Any], tmp_path: Path, kills: int
) -> None:
    process = started(command(archive, tmp_path, *ON_SPARK))
    killed = 0
    for number in range(kills):
        until(lambda: process.poll() is not None or bool(python_workers(process.pid)))
        random_moment(process, tmp_path, number)
        if workers := python_workers(process.pid):
            kill(random.choice(workers))
            killed += 1
    out, err = process.communicate(timeout=LONG)
    assert process.returncode == 0, err.decode()
    assert killed
    check_complete(archive, tmp_path, json.loads(out), local)


@pytest.mark.parametrize("kills", groups())
def test_a_killed_driver_continues(archive: Path, local: dict[str, Any], tmp_path: Path, kills: int) -> None:
    """The driver is two processes, and each kill takes one of them; the other must end by itself."""
    for number in range(kills):
        process = started(command(archive, tmp_path, *ON_SPARK))
        random_moment(process, tmp_path, number)
        others = below(process.pid)
        victim = random.choice([process.pid, *java(process.pid)])
        kill(victim)
        _, err = process.communicate(timeout=LONG)
        if victim != process.pid:
            assert process.returncode == 3, err.decode()
            assert b"Spark" in err
        until(lambda others=others: not alive(others), 120)  # type: ignore[misc] # the default has no declared type
        assert not alive(others), "processes outlive the driver"
        assert not list(tmp_path.glob("run=*/manifest.json"))
    check_complete(archive, tmp_path, finished(command(archive, tmp_path, *ON_SPARK)), local)
