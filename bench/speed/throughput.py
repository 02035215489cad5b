"""Time per text of the engine, of a conventional engine, and of bare scans as a lower bound."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from bench.quality.review_ways import answers_of, by_review, differences
from bench.speed.backends import STACKS
from bench.speed.conventional_reviewer import ConventionalReviewer
from bench.speed.scan_floor import floor
from bench.speed.timing import Batch, Way, interleaved, ratio, review, review_many, review_table, summary
from bench.speed.word_filter import word_filter
from smsvet import Reviewer
from smsvet.lexicon.lexicon import Lexicon

CONVENTIONAL = "conventional"
SHARES = {CONVENTIONAL: 0.1}
"""Share of the texts for slow methods; the conventional engine is too slow for all."""


def measure(
    reviewers: Mapping[str, Reviewer], conventional: ConventionalReviewer, batches: Sequence[Batch]
) -> dict[str, Any]:
    """Return microseconds per text of every method, and the speed-up over the conventional engine."""
    ways: dict[str, Way] = {}
    for stack, reviewer in reviewers.items():
        reader, backend = reviewer.catalogue.reader, STACKS[stack].backend
        words = reader.lexicon.patterns
        ways |= {
            f"review, {stack}": review(reviewer),
            f"review_many, {stack}": review_many(reviewer),
            f"review_table, {stack}": review_table(reviewer),
            f"floor, {stack}": floor(backend, words, reader.folder.table),
            f"floor of rare words, {stack}": floor(backend, leanest(reader.lexicon), reader.folder.table),
        }
        ways["DFA word filter"] = word_filter(words)
    ways[CONVENTIONAL] = review(conventional)
    times = interleaved(ways, batches, SHARES)
    rows = summary(times)
    for name, found in times.items():
        rows[name]["speedup"] = ratio(times[CONVENTIONAL], found)
    return {
        "fired": fired(next(iter(reviewers.values())), batches[-1]),
        "texts": len(batches[-1]),
        "mean_length": statistics.mean(map(len, batches[-1].texts)),
        "rounds": len(times[CONVENTIONAL]),
        "rows": rows,
        "times_floor": {
            stack: ratio(times[f"review_table, {stack}"], times[f"floor, {stack}"]) for stack in reviewers
        },
    }


def leanest(lexicon: Lexicon) -> list[str]:
    """Return the trigger words of the lexicon: a text without any of them matches no entry.

    If an entry has several words, its trigger is not a word that occurs in almost every text.
    """
    return [lexicon.patterns[index] for index in sorted(lexicon.beginning)]


def fired(reviewer: Reviewer, batch: Batch) -> float:
    """Return the share of texts with findings."""
    return statistics.mean(bool(verdict.findings) for verdict in reviewer.review_many(batch.submissions))


def unequal(reviewers: Mapping[str, Reviewer], conventional: ConventionalReviewer, batch: Batch) -> list[str]:
    """Return a line for each submission where a method of the engine and the conventional engine differ."""
    answers = {CONVENTIONAL: by_review(conventional, batch.submissions, "zh")}
    for stack, reviewer in reviewers.items():
        answers |= answers_of(stack, reviewer, batch.submissions)
    return differences(answers, batch.submissions)
