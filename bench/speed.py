"""Measure speed against the usual style, interleaved in one run: `make bench`."""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import usual
from generate import templates

from smsvet import Reviewer, Submission, Verdict
from smsvet.matcher import installed

RESULTS = Path(__file__).parent / "results.json"
Way = Callable[[list[Submission]], list[Verdict]]


def main() -> None:
    """Print microseconds per review and templates per second of each way, and the ratios."""
    options = parse()
    submissions = read(options)
    ways, cold = build()
    same = compare(ways, submissions[: options.compare])
    rounds: dict[str, list[list[float]]] = {name: [] for name in ways}
    for turn in range(options.rounds + 1):
        for name, way in ways.items():
            part = submissions[: max(200, len(submissions) // (10 if "usual" in name else 1))]
            gc.collect()
            times = timed(way, part)
            if turn:  # the first round warms up
                rounds[name].append(times)
    report(rounds, cold, same, len(submissions))


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=4000, help="templates to generate")
    parser.add_argument("--rounds", type=int, default=3, help="rounds that count")
    parser.add_argument("--compare", type=int, default=300, help="templates on which verdicts are compared")
    parser.add_argument("--firing", type=float, default=0.05, help="share of templates with something wrong")
    parser.add_argument("--texts", type=Path, help="JSON lines with a `text` each, instead of generated ones")
    return parser.parse_args()


def read(options: argparse.Namespace) -> list[Submission]:
    """Return the submissions to review."""
    if options.texts:
        lines = [line for line in options.texts.read_text(encoding="utf-8").split("\n") if line]
        bodies = [json.loads(line)["text"] for line in lines[: options.count]]
    else:
        bodies = list(templates(options.count, options.firing))
    return [Submission(body=body, purpose="notification") for body in bodies]


def build() -> tuple[dict[str, Way], dict[str, float]]:
    """Return what is measured by name, and the seconds that each took to start."""
    ways, cold = {}, {}
    for backend in installed():
        started = time.perf_counter()
        reviewer = Reviewer(backend=backend)
        reviewer.review(Submission(body="您的订单{1}已发货，无抵押贷款", purpose="notification"))
        cold[backend] = time.perf_counter() - started
        ways[f"review, {backend}"] = one_by_one(reviewer)
        ways[f"review_many, {backend}"] = together(reviewer)
    ways["usual style"] = one_by_one(usual.UsualReviewer())
    return ways, cold


def one_by_one(reviewer: Reviewer) -> Way:
    """Return a way to review each submission by itself."""
    return lambda submissions: [reviewer.review(submission) for submission in submissions]


def together(reviewer: Reviewer) -> Way:
    """Return a way to review submissions as a batch."""
    return lambda submissions: list(reviewer.review_many(submissions))


def timed(way: Way, submissions: list[Submission]) -> list[float]:
    """Return microseconds per review, over chunks of twenty, so that percentiles can be told."""
    times = []
    for start in range(0, len(submissions), 20):
        part = submissions[start : start + 20]
        begun = time.perf_counter()
        way(part)
        times.append((time.perf_counter() - begun) / len(part) * 1e6)
    return times


def compare(ways: dict[str, Way], submissions: list[Submission]) -> bool:
    """Return whether every way decides alike, finding by finding."""
    answers = [
        [
            [(item.rule, item.field, item.start, item.end) for item in verdict.findings]
            for verdict in way(submissions)
        ]
        for way in ways.values()
    ]
    return all(answer == answers[0] for answer in answers)


def report(rounds: dict[str, list[list[float]]], cold: dict[str, float], same: bool, count: int) -> None:
    """Print the table and write it as JSON."""
    base = [statistics.mean(times) for times in rounds["usual style"]]
    rows = {}
    print(f"{count} templates, medians over {len(base)} rounds, ways interleaved; same findings: {same}")
    print(f"{'way':28}{'p50 us':>9}{'p99 us':>9}{'mean us':>9}{'per second':>12}{'x usual':>9}")
    for name, turns in rounds.items():
        p50 = statistics.median(statistics.median(times) for times in turns)
        p99 = statistics.median(statistics.quantiles(times, n=100)[98] for times in turns)
        mean = statistics.median(statistics.mean(times) for times in turns)
        ratio = statistics.median(
            slow / statistics.mean(times) for slow, times in zip(base, turns, strict=True)
        )
        rows[name] = {"p50_us": p50, "p99_us": p99, "mean_us": mean, "per_second": 1e6 / mean, "ratio": ratio}
        print(f"{name:28}{p50:9.1f}{p99:9.1f}{mean:9.1f}{1e6 / mean:12.0f}{ratio:9.1f}")
    for backend, seconds in cold.items():
        print(f"start to first verdict, {backend}: {seconds:.2f} s")
    RESULTS.write_text(json.dumps({"same": same, "ways": rows, "start_s": cold}, indent=1) + "\n")


if __name__ == "__main__":
    main()
