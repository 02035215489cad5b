"""Review hostile submissions, check invariants and times; exit 1 with a reproduction of each failure.

Half of the time goes to random submissions (invariants, and equal verdicts on every way to review), half to baits of
growing length. Each failure is one line of JSON: kind, name, detail, submission.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import time
from collections import Counter
from dataclasses import replace

from bench.fuzz.failure import Failure, Json, shrink
from bench.fuzz.growth import Growth
from bench.fuzz.invariants import differing, failures_of
from bench.fuzz.submissions import Submissions
from bench.fuzz.texts import Texts
from bench.fuzz.vocabulary import Vocabulary, vocabulary_of
from bench.fuzz.watch import slowest_function
from smsvet import Reviewer

BATCH = 48
PARTS = ("verdicts", "growth")
TIMED = ("slow", "hang")
"""Kinds of failure that are named after the function that takes the time."""


class Fuzzer:
    """Collects failures, one of each kind and name. The same seed makes the same submissions and baits."""

    def __init__(self, reviewer: Reviewer, vocabulary: Vocabulary, seed: int, limit: float) -> None:
        self._reviewer, self._vocabulary, self._seed, self._limit = reviewer, vocabulary, seed, limit
        self.failures: dict[tuple[str, str], Failure] = {}
        self.counts: Counter[str] = Counter()
        self.worst = (0.0, "")

    def verdicts(self, seconds: float) -> None:
        """Review random submissions for a time."""
        until = time.monotonic() + seconds
        chance = random.Random(f"{self._seed} verdicts")
        texts = Texts(self._vocabulary, chance)
        source = Submissions(texts, sorted(self._reviewer.providers), chance)
        batch: list[Json] = []
        while time.monotonic() < until:
            data = source.submission()
            self.counts["submissions"] += 1
            found = failures_of(self._reviewer, data, self._limit)
            for failure in found:
                self._add(failure)
            if not found:
                batch.append(data)
            if len(batch) == BATCH:
                for failure in differing(self._reviewer, batch):
                    self._add(failure)
                batch.clear()

    def growth(self, seconds: float) -> None:
        """Review baits of growing length for a time."""
        until = time.monotonic() + seconds
        chance = random.Random(f"{self._seed} growth")
        growth = Growth(self._reviewer, self._limit, chance)
        for bait in Texts(self._vocabulary, chance).baits():
            if time.monotonic() > until:
                break
            self.counts["baits"] += 1
            if failure := growth.failure(bait):
                self.failures.setdefault(failure.key, failure)
        self.worst = growth.worst

    def _add(self, failure: Failure) -> None:
        """Keep the first failure of a kind and name, with a minimal submission."""
        if failure.kind in TIMED:
            name = slowest_function(lambda: failures_of(self._reviewer, failure.submission, self._limit))
            failure = replace(failure, name=name)
        if failure.key in self.failures:
            return

        def same(data: Json) -> list[Failure]:
            again = self._again(failure, data)
            if failure.kind in TIMED:
                return [replace(one, name=failure.name) for one in again if one.kind == failure.kind]
            return [one for one in again if one.key == failure.key]

        least = shrink(failure.submission, lambda data: bool(same(data)))
        self.failures[failure.key] = next(iter(same(least)), failure)

    def _again(self, failure: Failure, data: Json) -> list[Failure]:
        if failure.name in ("review_many of a batch", "review_table"):
            return differing(self._reviewer, [data])
        return failures_of(self._reviewer, data, self._limit)


def main() -> None:
    """Run the fuzzer; print its seed, each failure and a summary."""
    options = parse()
    print(f"seed {options.seed}", flush=True)
    reviewer = Reviewer()
    reviewer.warm()
    fuzzer = Fuzzer(reviewer, vocabulary_of(reviewer), options.seed, options.limit)
    parts = [options.only] if options.only else PARTS
    for part in parts:
        getattr(fuzzer, part)(options.seconds / len(parts))
    for failure in fuzzer.failures.values():
        print(failure.line())
    seconds, where = fuzzer.worst
    print(
        f"seed {options.seed}: {fuzzer.counts['submissions']} submissions, {fuzzer.counts['baits']} baits, "
        f"longest {seconds * 1000:.0f} ms ({where or 'no bait'}), {len(fuzzer.failures)} failures"
    )
    sys.exit(bool(fuzzer.failures))


def parse() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="time for all parts together")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="a random one by default"
    )
    parser.add_argument("--limit", type=float, default=0.05, help="CPU seconds of a review")
    parser.add_argument("--only", choices=PARTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
