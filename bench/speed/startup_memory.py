"""Startup time and memory, each measured in a fresh process.

That process runs this module as a program, which prints its measurement as JSON.
"""

from __future__ import annotations

import time

BEGUN = time.perf_counter()

import argparse  # noqa: E402 - the clock starts before any import
import gc  # noqa: E402
import inspect  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from tempfile import TemporaryDirectory  # noqa: E402
from typing import Any  # noqa: E402

ROOT = Path(__file__).parents[2]
BYTECODE = ROOT / "build" / "bytecode"
WARM_UP = 10
"""Number of batches before the first memory reading, enough to fill the bounded caches."""
TEXT = "您的订单{1}已发货，无抵押贷款"
"""A text with a term, so that the segmenter's dictionary is loaded too."""


def main() -> None:
    """Print the measurement of this process as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=("start", "memory"))
    parser.add_argument("stack")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--batches", type=int, default=100)
    parser.add_argument("--size", type=int, default=1000)
    options = parser.parse_args()
    if options.job == "start":
        print(json.dumps(first_verdict(options.stack, options.cache)))
    else:
        print(json.dumps(worker(options.stack, options.batches, options.size)))


def first_verdict(stack: str, cache: Path | None) -> dict[str, float]:
    """Return the seconds from the start of this module to the first verdict."""
    from bench.speed.backends import STACKS, without_others
    from smsvet import Reviewer, Submission

    imported = time.perf_counter()
    further: dict[str, Any] = {"cache": cache} if cache else {}
    with without_others(stack):
        reviewer = Reviewer(backend=STACKS[stack].backend, **further)
        built = time.perf_counter()
        reviewer.review(Submission(body=TEXT, purpose="notification"))
    done = time.perf_counter()
    return {
        "import_s": imported - BEGUN,
        "load_s": built - imported,
        "first_s": done - built,
        "total_s": done - BEGUN,
    }


def worker(stack: str, batches: int, size: int) -> dict[str, Any]:
    """Return resident megabytes after warm-up and after each tenth of the batches, and the peak."""
    from bench.generator import templates
    from bench.speed.backends import build
    from bench.speed.timing import Batch

    reviewer = build(stack)
    gc.collect()
    gc.freeze()
    seen = []
    for number in range(WARM_UP + batches):
        batch = Batch(list(templates(size, 0.05, seed=number)))
        reviewer.review_table(batch.table)
        if number + 1 >= WARM_UP and (number + 1 - WARM_UP) % max(1, batches // 10) == 0:
            gc.collect()
            seen.append(memory_of("VmRSS"))
    return {"warm_mb": seen[0], "after_mb": seen[-1], "each_tenth_mb": seen, "peak_mb": memory_of("VmHWM")}


def memory_of(name: str) -> float:
    """Return a figure of /proc/self/status in megabytes: VmRSS is resident now, VmHWM the peak."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{name}:")[1].split()[0]) / 1024


def has_cache() -> bool:
    """Return whether the engine has a startup cache."""
    from smsvet import Reviewer

    return "cache" in inspect.signature(Reviewer).parameters


def start(stacks: Sequence[str], times: int) -> dict[str, Any]:
    """Return the median seconds from start to first verdict over `times` fresh processes.

    `cold` has an empty cache folder, `warm` one filled by an earlier process.
    """
    rows: dict[str, Any] = {}
    for stack in stacks:
        child("start", stack)  # writes the bytecode
        with TemporaryDirectory() as folder:
            runs: dict[str, list[dict[str, float]]] = {"cold": [], "warm": []}
            for number in range(times):
                cache = ["--cache", f"{folder}/{number}"] if has_cache() else []
                runs["cold"].append(child("start", stack, *cache))
                if cache:
                    runs["warm"].append(child("start", stack, *cache))
        for name, found in runs.items():
            if found:
                rows[f"{name}, {stack}"] = {
                    key: statistics.median(run[key] for run in found) for key in found[0]
                }
    return {"rows": rows}


def memory(stacks: Sequence[str], batches: int, size: int) -> dict[str, Any]:
    """Return the memory of a worker in megabytes by stack, before and after a number of batches."""
    rows = {stack: child("memory", stack, "--batches", str(batches), "--size", str(size)) for stack in stacks}
    return {"batches": batches, "size": size, "rows": rows}


def child(*arguments: str) -> dict[str, Any]:
    """Return the measurement of a fresh process. Raises CalledProcessError if it fails."""
    # An installed package has bytecode, even if this process does not write any.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.speed.startup_memory", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment | {"PYTHONPYCACHEPREFIX": str(BYTECODE)},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
