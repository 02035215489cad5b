"""Speed of `smsvet audit`, from Parquet to Parquet, compared with `Reviewer.review_table` in one process.

The ratio compares processor time per row, so that other load on the machine matters little: 100 % means that reading,
converting and writing cost nothing. The startup of processes is measured by itself and not part of the ratio; with
`--engines local spark`, that is where the two differ most. Both must end with the same digest.
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
from dataclasses import dataclass, field
from itertools import product
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
ENGINES = {"local": "--jobs={}", "spark": "--engine=spark --master=local[{}]"}
"""Engine -> the options for a number of workers."""
TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Audited:
    """An audit: rows, elapsed and processor seconds, decisions, and peak memory in MiB of parent and largest worker.

    The parent of Spark's workers is the largest process that is not a Python worker: Java.
    """

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


@dataclass(slots=True)
class Watched:
    """Processor time and peak memory of the processes of an audit; those that ended keep their last values."""

    parent: int
    cpu: dict[int, float] = field(default_factory=dict)
    peaks: dict[int, float] = field(default_factory=dict)
    workers: set[int] = field(default_factory=set)

    def look(self) -> None:
        """Read processor time and peak memory of the parent and of all processes below it."""
        for process in [self.parent, *below(self.parent)]:
            try:
                stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
                status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
                command = Path(f"/proc/{process}/cmdline").read_bytes()
            except (OSError, IndexError):
                continue
            self.cpu[process] = (int(stat[11]) + int(stat[12])) * TICK
            # `getrusage` also counts the memory of the process that started it.
            if found := re.search(r"VmHWM:\s+([0-9]+) kB", status):
                self.peaks[process] = int(found[1]) / 1024
            if b"spawn_main" in command or b"pyspark.daemon" in command:
                self.workers.add(process)

    def largest(self, workers: bool) -> float:
        """Return the peak memory in MiB of the largest worker, or of the largest other process."""
        sizes = [size for process, size in self.peaks.items() if (process in self.workers) == workers]
        return max(sizes, default=0)


def below(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have started."""
    pairs: list[tuple[int, int]] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            above = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]
        except (OSError, IndexError):
            continue
        pairs.append((int(folder.name), int(above)))
    found = [process]
    for above_one in found:
        found += [one for one, parent in pairs if parent == above_one]
    return found[1:]


def audited(path: Path, folder: Path, jobs: int, *more: str, engine: str = "local") -> Audited:
    """Return the measures of an audit in processes of its own. Raises CalledProcessError."""
    command = [sys.executable, "-m", "smsvet_api", "audit", str(path), str(folder), "--json", "--no-config"]
    command += ENGINES[engine].format(jobs).split()
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "SPARK_LOCAL_IP": "127.0.0.1"}
    begin = time.perf_counter()
    process = subprocess.Popen(
        [*command, *more], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    watched = Watched(process.pid)
    while process.poll() is None:
        watched.look()
        time.sleep(0.1)
    seconds = time.perf_counter() - begin
    out, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    summary = json.loads(out)
    return Audited(
        summary["rows"],
        seconds,
        sum(watched.cpu.values()),
        summary["decisions"],
        watched.largest(workers=False),
        watched.largest(workers=True),
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


def startup_of(path: Path, folder: Path, jobs: int, engine: str) -> Audited:
    """Return the audit of FEWEST rows per worker with the least processor time, after one that fills the cache."""
    found: list[Audited] = []
    for number in range(TRIES + 1):
        out = folder.with_name(f"{folder.name}-{number}")
        options = ("--limit", str(jobs * FEWEST), "--shard-rows", str(FEWEST))
        found.append(audited(path, out, jobs, *options, engine=engine))
    return min(found[1:], key=lambda one: one.cpu)


def measure(rows: int, jobs: list[int], kinds: list[str], engines: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the figures of each kind of archive, number of workers and engine. Raises ValueError for different digests."""
    reviewer = Reviewer()
    with TemporaryDirectory() as folder:
        base = Path(folder)
        for kind in kinds:
            path = base / f"{kind}.parquet"
            archive(path, rows, TEXTS[kind])
            alone = in_process(path, reviewer)
            digests: set[str] = set()
            for count, engine in product(jobs, engines):
                out = base / f"{kind}-{count}-{engine}"
                startup = startup_of(path, base / f"{out.name}-start", count, engine)
                whole = audited(path, out, count, engine=engine)
                measured = rows - startup.rows
                digests.add(whole.digest)
                if len(digests) > 1:
                    raise ValueError(f"{kind}: {engine} with {count} workers ends with another digest")
                yield {
                    "text": kind,
                    "rows": rows,
                    "engine": engine,
                    "jobs": count,
                    "flagged": 1 - whole.decisions.get("approve", 0) / rows,
                    "per_second": measured / (whole.seconds - startup.seconds),
                    "startup_seconds": startup.seconds,
                    "startup_cpu": startup.cpu,
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
    parser.add_argument("--engines", choices=ENGINES, nargs="+", default=["local"])
    given = parser.parse_args()
    print(
        "| text | rows | engine | jobs | flagged | rows/s | of review_table, per core | startup | its cpu | parent | worker |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for rows in given.rows:
        for one in measure(rows, given.jobs, given.texts, given.engines):
            print(
                f"| {one['text']} | {one['rows']:,} | {one['engine']} | {one['jobs']} | {one['flagged']:.1%} "
                f"| {one['per_second']:,.0f} | {one['ratio']:.0%} | {one['startup_seconds']:.1f} s "
                f"| {one['startup_cpu']:.1f} s | {one['parent_mib']:.0f} MiB | {one['worker_mib']:.0f} MiB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
