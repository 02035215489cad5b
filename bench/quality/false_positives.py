"""False positives of the transforms: benign rows where a transform finds a term or contact."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.quality.labelled_sets import BENIGN, SETS, read, shipped, submission
from smsvet import Decision, Reviewer, Submission
from smsvet.evasion.disguise import TRANSFORMS
from smsvet.schema import read_submission


@dataclass(frozen=True, slots=True)
class Hit:
    """A benign row with its set, the transforms with findings, and the decisions without and with transforms."""

    set: str
    item: Submission
    steps: tuple[str, ...]
    before: Decision
    after: Decision


class FalsePositives:
    """The benign rows with findings of a transform."""

    def __init__(self, reviewer: Reviewer, plain: Reviewer, rows: Sequence[tuple[str, Submission]]) -> None:
        """Read every row with `reviewer`; compare the decision on each hit with that of `plain`, without transforms."""
        self._sizes = Counter(name for name, _ in rows)
        self._hits = [
            Hit(name, item, steps, plain.review(item).decision, reviewer.review(item).decision)
            for name, item in rows
            if (steps := steps_in(reviewer, item))
        ]

    @property
    def hit(self) -> int:
        """Return the number of rows with findings of a transform."""
        return len(self._hits)

    @property
    def stricter(self) -> int:
        """Return the number of rows whose decision is stricter with transforms."""
        return sum(hit.after > hit.before for hit in self._hits)

    def without(self, name: str, reviewer: Reviewer) -> tuple[int, int]:
        """Return the change of `hit` and `stricter` for a reviewer that lacks the transform `name`.

        Both are zero or negative, because only rows that use the transform are reviewed again.
        """
        taking = [hit for hit in self._hits if name in hit.steps]
        left = [hit for hit in taking if steps_in(reviewer, hit.item)]
        stricter = sum(hit.after > hit.before for hit in taking)
        return len(left) - len(taking), sum(
            reviewer.review(hit.item).decision > hit.before for hit in left
        ) - stricter

    def show(self, rows: int) -> None:
        """Print the shares by set, the number of rows by transform, and the first rows."""
        print(f"\n{'benign set':30}{'rows':>7}{'with a hit':>12}{'stricter':>10}{'rejected':>10}")
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        steps: Counter[str] = Counter()
        for hit in self._hits:
            steps.update(hit.steps)
            counts[hit.set]["hit"] += 1
            counts[hit.set]["stricter"] += hit.after > hit.before
            counts[hit.set]["rejected"] += hit.after is Decision.REJECT > hit.before
        for name, size in self._sizes.items():
            shares = "".join(
                f"{counts[name][key] / size:>{width}.2%}"
                for key, width in (("hit", 12), ("stricter", 10), ("rejected", 10))
            )
            print(f"{name:30}{size:7}{shares}")
        print(
            "benign rows by transform: " + (", ".join(f"{k} {n}" for k, n in steps.most_common()) or "none")
        )
        for hit in self._hits[:rows]:
            text = str(hit.item.body or hit.item.text)[:50]
            print("  ", hit.set, *hit.steps, hit.before.value, hit.after.value, text)


def benign_rows(data: Path) -> Iterator[tuple[str, Submission]]:
    """Yield the benign rows of every available set, and the shipped benign examples."""
    for name in SETS:
        if (data / f"{name}.jsonl").is_file():
            yield from (
                (name, submission(item)) for item in read(data, name, "words") if BENIGN.search(item.label)
            )
    for example in shipped("benign"):
        yield "shipped gate", read_submission(example["submission"])


def steps_in(reviewer: Reviewer, item: Submission) -> tuple[str, ...]:
    """Return the transforms used to find the terms and contacts of a submission."""
    taken: set[str] = set()
    for text in reviewer.read(item).texts.values():
        for steps in (*(term.transforms for term in text.terms), *(way.transforms for way in text.contacts)):
            taken.update(steps)
    return tuple(step for step in TRANSFORMS if step in taken)
