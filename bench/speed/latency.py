"""Latency of single `review` calls in one process: p50, p99 and p99.9."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.generator import templates
from bench.speed.timing import PURPOSE
from smsvet import Reviewer, Submission

SHORTEST, LONGEST = 50, 100
"""Length of the texts in code points."""


def measure(reviewers: Mapping[str, Reviewer], rounds: int, count: int, firing: float) -> dict[str, Any]:
    """Return p50, p99 and p99.9 in microseconds per call, by stack: medians over rounds with different texts."""
    for reviewer in reviewers.values():
        for submission in submissions(200, firing, 0):
            reviewer.review(submission)
    gc.collect()
    gc.freeze()
    found: dict[str, list[list[float]]] = {stack: [] for stack in reviewers}
    for number in range(rounds):
        batch = submissions(count, firing, number + 1)
        for stack, reviewer in reviewers.items():
            found[stack].append(calls(reviewer, batch))
    gc.unfreeze()
    rows = {}
    for stack, turns in found.items():
        row = {
            "p50_us": percentile(turns, 0.5),
            "p99_us": percentile(turns, 0.99),
            "p999_us": percentile(turns, 0.999),
        }
        rows[stack] = row | {"p99_of_p50": row["p99_us"] / row["p50_us"]}
    return {"texts": count, "rounds": rounds, "rows": rows}


def submissions(count: int, firing: float, seed: int) -> list[Submission]:
    """Return templates of 50 to 100 code points."""
    texts: list[str] = []
    stream = templates(count * 5, firing, seed=seed + 1000)
    while len(texts) < count:
        text = next(stream)
        if SHORTEST <= len(text) <= LONGEST:
            texts.append(text)
    return [Submission(body=text, purpose=PURPOSE) for text in texts]


def calls(reviewer: Reviewer, batch: Sequence[Submission]) -> list[float]:
    """Return the microseconds of each call."""
    times = []
    for submission in batch:
        begun = time.perf_counter_ns()
        reviewer.review(submission)
        times.append((time.perf_counter_ns() - begun) / 1000)
    return times


def percentile(turns: Sequence[Sequence[float]], share: float) -> float:
    """Return the median over rounds of a percentile; `share` is 0.99 for p99."""
    return statistics.median(sorted(times)[int(share * (len(times) - 1))] for times in turns)
