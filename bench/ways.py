"""The ways to review a text beside each other: the product's, the usual style, and what bounds them."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from dfa import word_filter
from equality import differences, of_product, plain
from floor import floor
from rounds import Batch, Way, interleaved, ratio, review, review_many, review_table, summary
from stacks import STACKS
from usual import UsualReviewer

from smsvet import Reviewer
from smsvet.lexicon.lexicon import Lexicon
from smsvet.schema import write_verdict

USUAL = "usual style"
SHARES = {USUAL: 0.1}
"""The usual style is too slow to be given every text."""


def measure(
    reviewers: Mapping[str, Reviewer], usual: UsualReviewer, batches: Sequence[Batch]
) -> dict[str, Any]:
    """Return the times of every way in microseconds per text, and by how much each beats the usual style."""
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
    ways[USUAL] = review(usual)
    times = interleaved(ways, batches, SHARES)
    rows = summary(times)
    for name, found in times.items():
        rows[name]["times_usual"] = ratio(times[USUAL], found)
    return {
        "fired": fired(next(iter(reviewers.values())), batches[-1]),
        "texts": len(batches[-1]),
        "mean_length": statistics.mean(map(len, batches[-1].texts)),
        "rounds": len(times[USUAL]),
        "rows": rows,
        "times_floor": {
            stack: ratio(times[f"review_table, {stack}"], times[f"floor, {stack}"]) for stack in reviewers
        },
    }


def leanest(lexicon: Lexicon) -> list[str]:
    """Return the words of which a text must hold one before any entry is found.

    Entries of several words have often one that stands in every text: they are found by another.
    """
    return [lexicon.patterns[index] for index in sorted(lexicon.beginning)]


def fired(reviewer: Reviewer, batch: Batch) -> float:
    """Return the share of texts in which a rule found something."""
    return statistics.mean(bool(verdict.findings) for verdict in reviewer.review_many(batch.submissions))


def unequal(reviewers: Mapping[str, Reviewer], usual: UsualReviewer, batch: Batch) -> list[str]:
    """Return where a way of the product, or the usual style, answers otherwise than the first one does."""
    answers = {USUAL: [plain(write_verdict(usual.review(item))) for item in batch.submissions]}
    for stack, reviewer in reviewers.items():
        answers |= of_product(stack, reviewer, batch.submissions)
    return differences(answers, batch.submissions)
