"""What undoing disguises costs on texts that have none: benign rows with a word in disguise."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quality import BENIGN, submission
from texts import SETS, read

from smsvet import Decision, Reviewer, Submission
from smsvet.evasion.disguise import TRANSFORMS
from smsvet.schema import read_submission

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Hit:
    """A benign row with something in disguise: its set, the transforms, and the decisions without and with them."""

    set: str
    item: Submission
    steps: tuple[str, ...]
    before: Decision
    after: Decision


class Price:
    """The benign rows that have something in disguise, found once."""

    def __init__(self, reviewer: Reviewer, plain: Reviewer, rows: Sequence[tuple[str, Submission]]) -> None:
        """Read every row with `reviewer`, and compare those with a hit to what `plain` decides."""
        self._sizes = Counter(name for name, _ in rows)
        self._hits = [
            Hit(name, item, steps, plain.review(item).decision, reviewer.review(item).decision)
            for name, item in rows
            if (steps := steps_in(reviewer, item))
        ]

    @property
    def hit(self) -> int:
        """Return how many rows have something in disguise."""
        return len(self._hits)

    @property
    def stricter(self) -> int:
        """Return how many rows are decided more strictly for it."""
        return sum(hit.after > hit.before for hit in self._hits)

    def without(self, name: str, reviewer: Reviewer) -> tuple[int, int]:
        """Return how many more rows have a hit, and are decided more strictly, with a reviewer that lacks a transform.

        Both are zero or less: only rows that take the transform are looked at.
        """
        taking = [hit for hit in self._hits if name in hit.steps]
        left = [hit for hit in taking if steps_in(reviewer, hit.item)]
        stricter = sum(hit.after > hit.before for hit in taking)
        return len(left) - len(taking), sum(
            reviewer.review(hit.item).decision > hit.before for hit in left
        ) - stricter

    def show(self, rows: int) -> None:
        """Print the shares by set, the rows by transform, and the first of the rows."""
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
    """Yield the benign rows of every set that is there, and the shipped gate."""
    for name in SETS:
        if (data / f"{name}.jsonl").is_file():
            yield from (
                (name, submission(item)) for item in read(data, name, "words") if BENIGN.search(item.label)
            )
    for line in (ROOT / "corpora" / "labelled" / "benign.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            yield "shipped gate", read_submission(json.loads(line)["submission"])


def steps_in(reviewer: Reviewer, item: Submission) -> tuple[str, ...]:
    """Return the transforms that some term or contact of a submission needed."""
    taken: set[str] = set()
    for text in reviewer.read(item).texts.values():
        for steps in (*(term.transforms for term in text.terms), *(way.transforms for way in text.contacts)):
            taken.update(steps)
    return tuple(step for step in TRANSFORMS if step in taken)
