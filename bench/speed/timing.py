"""Interleaved timing: the methods take turns, so that other load on the machine slows all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from smsvet import Reviewer, Submission
from smsvet.model import Purpose

PURPOSE: Purpose = "notification"


class Batch:
    """Texts in every input form: strings, submissions, an Arrow table."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self.submissions = [Submission(body=text, purpose=PURPOSE) for text in texts]
        self.table = pa.table({"body": self.texts, "purpose": [PURPOSE] * len(self.texts)})

    def __len__(self) -> int:
        return len(self.texts)

    def part(self, count: int) -> Batch:
        """Return a batch of the first `count` texts."""
        return Batch(self.texts[:count])


Way = Callable[[Batch], object]
"""A method under test: processes a batch; the result is discarded."""


def review(reviewer: Reviewer) -> Way:
    """Return a method that calls `review` for each submission."""
    return lambda batch: [reviewer.review(submission) for submission in batch.submissions]


def review_many(reviewer: Reviewer) -> Way:
    """Return a method that calls `review_many` for the batch."""
    return lambda batch: list(reviewer.review_many(batch.submissions))


def review_table(reviewer: Reviewer) -> Way:
    """Return a method that calls `review_table` for the batch."""
    return lambda batch: reviewer.review_table(batch.table)


def interleaved(
    ways: Mapping[str, Way], batches: Sequence[Batch], shares: Mapping[str, float] | None = None
) -> dict[str, list[float]]:
    """Return method -> microseconds per text in each round.

    In a round, each method in turn processes the same batch. Each round has a different batch, so that no result
    comes from a cache. The first round is a warm-up and not counted. A method in `shares` gets only that share of
    each batch.
    """
    times: dict[str, list[float]] = {name: [] for name in ways}
    for batch in batches:
        for name, way in ways.items():
            part = batch
            if shares and name in shares:
                part = batch.part(max(20, int(len(batch) * shares[name])))
            times[name].append(once(way, part))
    return {name: found[1:] for name, found in times.items()}


def once(way: Way, batch: Batch) -> float:
    """Return the microseconds per text of a method for a batch."""
    gc.collect()
    begun = time.perf_counter()
    way(batch)
    return (time.perf_counter() - begun) / len(batch) * 1e6


def ratio(slow: Sequence[float], quick: Sequence[float]) -> float:
    """Return the median over rounds of the ratio of two times."""
    return statistics.median(one / other for one, other in zip(slow, quick, strict=True))


def summary(times: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return the medians over rounds by method: microseconds per text, and texts per second."""
    medians = {name: statistics.median(found) for name, found in times.items()}
    return {name: {"us": value, "per_second": 1e6 / value} for name, value in medians.items()}
