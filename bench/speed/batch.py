"""Speed of `smsvet audit`, from Parquet to Parquet, compared with `Reviewer.review_table` in one process.

The ratio compares processor time per row, so that other load on the machine matters little: 100 % means that reading,
converting and writing cost nothing. The startup of processes is measured by itself and not part of the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.generator import templates
from smsvet import Reviewer

TEXTS = {"clean": 0.05, "spam-heavy": 0.6}
"""Kind of archive -> share of texts that make a rule fire."""
IN_PROCESS = 20_000
"""Maximum number of rows reviewed in this process."""
GROUP = 10_000
"""Rows of a row group of the archive."""
TRIES = 2
FEWEST = 500
"""Rows per worker of the audit that measures the startup: each worker gets one shard."""
MEASURED = """
import json, resource, sys
from smsvet_api.cli.app import app
try:
    app(sys.argv[1:])
finally:
    sys.stdout.flush()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps(sum(one.ru_utime + one.ru_stime for one in used)))
"""
"""Runs the command line, then prints the processor seconds of all its processes."""


@dataclass(frozen=True, slots=True)
class Audited:
    """An audit: rows, elapsed and processor seconds, decisions, and peak memory in MiB of parent and largest worker."""

    rows: int
    seconds: float
    cpu: float
    decisions: dict[str, int]
    parent: float
    worker: float
    digest: str


def archive(path: Path, rows: int, firing: float) -> None:
    """Write an archive of generated templates."""
    texts = templates(rows, firing)
    schema = pa.schema([("id", pa.string()), ("body", pa.string()), ("purpose", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, rows, GROUP):
            count = min(GROUP, rows - first)
            ids = [f"t{number}" for number in range(first, first + count)]
            bodies = [next(texts) for _ in ids]
            writer.write_table(pa.table([ids, bodies, ["notification"] * count], schema=schema))


def peak(process: int) -> int:
    """Return the peak memory of a process in KiB, 0 if it has ended.

    `getrusage` also counts the memory of the process that started it.
    """
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    return int(found[1]) if found else 0


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            above = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        if int(above) == process:
            found.append(int(folder.name))
    return found


def audited(path: Path, folder: Path, jobs: int, *more: str) -> Audited:
    """Return the measures of an audit in processes of its own. Raises CalledProcessError."""
    command = [sys.executable, "-c", MEASURED, "audit", str(path), str(folder), "--json", "--no-config"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--jobs", str(jobs), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    peaks = {"parent": 0, "worker": 0}
    while process.poll() is None:
        peaks["parent"] = max(peaks["parent"], peak(process.pid))
        peaks["worker"] = max([peaks["worker"], *map(peak, children(process.pid))])
        time.sleep(0.2)
    seconds = time.perf_counter() - begin
    out, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    summary, cpu = map(json.loads, out.splitlines())
    return Audited(
        summary["rows"],
        seconds,
        cpu,
        summary["decisions"],
        peaks["parent"] / 1024,
        peaks["worker"] / 1024,
        summary["digest"],
    )


def in_process(path: Path, reviewer: Reviewer) -> float:
    """Return the processor seconds that `review_table` takes per row: the best of TRIES, after a warm-up."""
    table = pq.read_table(path).slice(0, IN_PROCESS)
    rows: int = table.num_rows
    reviewer.review_table(table.slice(0, 2_000))
    taken: list[float] = []
    for _ in range(TRIES):
        begin = time.process_time()
        reviewer.review_table(table)
        taken.append(time.process_time() - begin)
    return min(taken) / rows


def startup_of(path: Path, folder: Path, jobs: int) -> Audited:
    """Return the audit of FEWEST rows per worker with the least processor time, after one that fills the cache."""
    found: list[Audited] = []
    for number in range(TRIES + 1):
        out = folder.with_name(f"{folder.name}-{number}")
        found.append(audited(path, out, jobs, "--limit", str(jobs * FEWEST), "--shard-rows", str(FEWEST)))
    return min(found[1:], key=lambda one: one.cpu)


def measure(rows: int, jobs: list[int], kinds: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the figures of each kind of archive and number of worker processes."""
    reviewer = Reviewer()
    with TemporaryDirectory() as folder:
        base = Path(folder)
        for kind in kinds:
            path = base / f"{kind}.parquet"
            archive(path, rows, TEXTS[kind])
            alone = in_process(path, reviewer)
            for count in jobs:
                out = base / f"{kind}-{count}"
                startup = startup_of(path, base / f"{out.name}-start", count)
                whole = audited(path, out, count)
                measured = rows - startup.rows
                yield {
                    "text": kind,
                    "rows": rows,
                    "jobs": count,
                    "flagged": 1 - whole.decisions.get("approve", 0) / rows,
                    "per_second": measured / (whole.seconds - startup.seconds),
                    "startup_seconds": startup.seconds,
                    "ratio": alone * measured / (whole.cpu - startup.cpu),
                    "parent_mib": whole.parent,
                    "worker_mib": whole.worker,
                    "digest": whole.digest,
                }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--texts", choices=TEXTS, nargs="+", default=list(TEXTS))
    given = parser.parse_args()
    print("| text | rows | jobs | flagged | rows/s | of review_table, per core | startup | parent | worker |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for rows in given.rows:
        for one in measure(rows, given.jobs, given.texts):
            print(
                f"| {one['text']} | {one['rows']:,} | {one['jobs']} | {one['flagged']:.1%} | {one['per_second']:,.0f} "
                f"| {one['ratio']:.0%} | {one['startup_seconds']:.1f} s | {one['parent_mib']:.0f} MiB "
                f"| {one['worker_mib']:.0f} MiB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
