"""Kills audits at random moments and continues them: the rows are the input's, and the digest is that of a whole run.

Prints each kill, and the processor time that the interruption cost: the start of new processes, and the shards that
were under review.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from bench.speed.batch import TEXTS, Watched, archive, below
from smsvet_api.audit.manifest import verify

KILLED = ("parent", "worker")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at an audit: its status, the shards written before the kill, and elapsed and processor seconds."""

    status: int
    done: int
    seconds: float
    cpu: float


def attempt(command: list[str], out: Path, kind: str | None, after: float, shards: int) -> Attempt:
    """Run an audit; once that share of its shards is written, kill its parent or one of its workers."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    watched = Watched(process.pid)
    done = 0
    while process.poll() is None:
        watched.look()
        written = len(list(out.glob("run=*/verdicts/*.parquet")))
        if kind is not None and written >= after * shards and (kind == "parent" or workers(process.pid)):
            time.sleep(random.random() / 5)
            with suppress(ProcessLookupError, IndexError):
                victim = process.pid if kind == "parent" else random.choice(workers(process.pid))
                os.kill(victim, signal.SIGKILL)
            kind, done = None, written
        time.sleep(0.02)
    return Attempt(process.returncode, done, time.perf_counter() - begin, sum(watched.cpu.values()))


def workers(parent: int) -> list[int]:
    """Return the worker processes of an audit."""
    found: list[int] = []
    for process in below(parent):
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


def interrupted(rows: int, times: int, jobs: int, kind_of_text: str) -> Iterator[dict[str, Any]]:
    """Yield the figures of each interruption. Raises ValueError for another digest, or a row that is lost or doubled."""
    with TemporaryDirectory() as folder:
        base = Path(folder)
        path = base / "archive.parquet"
        archive(path, rows, TEXTS[kind_of_text])
        command = [sys.executable, "-m", "smsvet_api", "audit", str(path), "--no-config", "--jobs", str(jobs)]
        command += ["--shard-rows", str(max(rows // 24, 1))]
        whole = attempt([*command, str(base / "whole")], base / "whole", None, 0, 0)
        digest = digest_of(base / "whole")
        shards = len(list(base.glob("whole/run=*/verdicts/*.parquet")))
        for kind in KILLED:
            for number in range(times):
                out = base / f"{kind}-{number}"
                after = random.random()
                first = attempt([*command, str(out)], out, kind, after, shards)
                second = attempt([*command, str(out)], out, None, 0, 0) if first.status else None
                ids = pq.read_table(next(out.glob("run=*")) / "verdicts", columns=["id"])["id"].to_pylist()
                if sorted(ids) != sorted(f"t{one}" for one in range(rows)):
                    raise ValueError(f"{kind} {number}: rows are lost or doubled")
                if digest_of(out) != digest:
                    raise ValueError(f"{kind} {number}: another digest")
                yield {
                    "killed": kind,
                    "done": first.done / shards,
                    "cpu": first.cpu + (second.cpu if second else 0) - whole.cpu,
                    "seconds": second.seconds if second else first.seconds,
                }


def digest_of(out: Path) -> str:
    """Return the digest of a finished audit. Raises ValueError if its files differ from the manifest."""
    found = verify(out, "en")
    if found.wrong:
        raise ValueError("; ".join(found.wrong))
    return found.digest


def main() -> None:
    """Interrupt audits and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=4_800)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--text", choices=TEXTS, default="clean")
    given = parser.parse_args()
    print("| killed | shards done | processor time lost | time to the end |")
    print("| --- | --- | --- | --- |")
    for one in interrupted(given.rows, given.times, given.jobs, given.text):
        print(
            f"| {one['killed']} | {one['done']:.0%} | {one['cpu']:.1f} s | {one['seconds']:.1f} s |",
            flush=True,
        )
    print(f"{2 * given.times} of {2 * given.times} ended with the rows of the input and the same digest")


if __name__ == "__main__":
    main()
