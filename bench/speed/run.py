"""Measure speed, memory and startup in one run: `make bench`, or `python -m bench.speed.run --help`."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.speed import (
    chart,
    hostile,
    http_service,
    latency,
    report,
    rule_costs,
    scaling,
    startup_memory,
    throughput,
)
from bench.speed.backends import build, installed
from bench.speed.conventional_reviewer import ConventionalReviewer
from bench.speed.timing import Batch
from smsvet import Reviewer

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "speed.svg"
LIBRARIES = ("numpy", "pyarrow", "pyahocorasick", "jieba", "daachorse", "rjieba")
QUICK = {"count": 300, "rounds": 2, "sizes": [1000, 30_000], "batches": 10, "seconds": 0.5, "starts": 1}


@dataclass(frozen=True, slots=True)
class Run:
    """The data shared by all sections: the options, a Reviewer for each library stack, and the texts of each round."""

    options: argparse.Namespace
    reviewers: dict[str, Reviewer]
    conventional: ConventionalReviewer
    batches: list[Batch]


Section = Callable[[Run], dict[str, Any]]

SECTIONS: dict[str, Section] = {
    "throughput": lambda run: throughput.measure(run.reviewers, run.conventional, run.batches),
    "length": lambda run: scaling.by_length(run.reviewers, run.options.rounds, run.options.count // 4),
    "firing": lambda run: scaling.by_firing(run.reviewers, run.options.rounds, run.options.count // 4),
    "latency": lambda run: latency.measure(
        run.reviewers, run.options.rounds, run.options.count, run.options.firing
    ),
    "hostile": lambda run: hostile.measure(run.reviewers, run.options.rounds),
    "rules": lambda run: rule_costs.measure(run.batches[0]),
    "terms": lambda run: scaling.by_terms(
        list(run.reviewers), run.options.sizes, run.options.rounds, run.options.count // 4
    ),
    "http": lambda run: http_service.measure(run.options.rounds, run.options.seconds, run.options.firing),
    "memory": lambda run: startup_memory.memory(list(run.reviewers), run.options.batches, run.options.batch),
    "start": lambda run: startup_memory.start(list(run.reviewers), run.options.starts),
}


def main() -> None:
    """Run the sections, print their tables and the targets, and write them as JSON; exit 1 if verdicts differ."""
    options = parse()
    found = machine()  # before this run adds to the load
    reviewers = {stack: build(stack) for stack in options.stacks}
    run = Run(options, reviewers, ConventionalReviewer(), batches(options))
    wrong = throughput.unequal(reviewers, run.conventional, run.batches[0].part(options.compare))
    if wrong:
        print("\n".join(["the reviewers do not give the same findings:", *wrong[:5]]))
        sys.exit(1)
    # Like a service or a worker, exclude the loaded content from garbage collection.
    gc.collect()
    gc.freeze()
    results: dict[str, Any] = {
        "command": " ".join(["python -m bench.speed.run", *sys.argv[1:]]),
        "machine": found,
        "revision": next(iter(reviewers.values())).revision,
        "options": {name: str(value) for name, value in vars(options).items()},
        "sections": {},
    }
    for name in options.only:
        begun = time.perf_counter()
        results["sections"][name] = SECTIONS[name](run)
        print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    print(report.show(results))
    options.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.write_docs:
        report.write_page(results)
        PICTURE.write_text(chart.draw(results["sections"]), encoding="utf-8", newline="\n")


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute: fewer texts, rounds and terms")
    parser.add_argument("--only", help=f"sections, by commas: {','.join(SECTIONS)}")
    parser.add_argument("--stacks", nargs="+", choices=installed(), default=installed())
    parser.add_argument("--count", type=int, default=4000, help="texts a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count, after one that warms up")
    parser.add_argument("--firing", type=float, default=0.05, help="share of texts on which a rule fires")
    parser.add_argument("--texts", type=Path, help="JSON lines with a `text` each, instead of generated ones")
    parser.add_argument("--compare", type=int, default=200, help="texts on which all reviewers must agree")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 500_000], help="numbers of terms"
    )
    parser.add_argument("--batches", type=int, default=100, help="batches after which memory is read again")
    parser.add_argument("--batch", type=int, default=1000, help="texts in such a batch")
    parser.add_argument("--seconds", type=float, default=2, help="how long HTTP is measured each time")
    parser.add_argument("--starts", type=int, default=3, help="fresh processes of each kind")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results.json", help="JSON")
    parser.add_argument("--write-docs", action="store_true", help="also docs/performance.md and its picture")
    known, _ = parser.parse_known_args(arguments)
    if known.quick:
        parser.set_defaults(**QUICK)
    options = parser.parse_args(arguments)
    options.only = options.only.split(",") if options.only else list(SECTIONS)
    if unknown := set(options.only) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}")
    if options.write_docs and set(options.only) != set(SECTIONS):
        parser.error("--write-docs needs all sections")
    return options


def batches(options: argparse.Namespace) -> list[Batch]:
    """Return the texts of each round, all different; if a file has too few, every round has the same texts."""
    if not options.texts:
        return scaling.batches(options.rounds, options.count, options.firing)
    lines = options.texts.read_text(encoding="utf-8").split("\n")
    texts = [json.loads(line)["text"] for line in lines if line]
    if not texts:
        raise SystemExit(f"{options.texts} has no texts")
    count = min(options.count, max(len(texts) // (options.rounds + 1), min(500, len(texts))))
    starts = [number * count % (len(texts) - count + 1) for number in range(options.rounds + 1)]
    return [Batch(texts[start : start + count]) for start in starts]


def machine() -> dict[str, Any]:
    """Return the machine and software of this run; `busy` is the load average over the last minute."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except ImportError:  # part of the `fast` extra
            continue
    return {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "busy": os.getloadavg()[0],
        "versions": versions,
    }


if __name__ == "__main__":
    main()
