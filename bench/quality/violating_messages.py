"""Violating messages that are caught without disguise: from `corpora/labelled`, and real ones not used for tuning."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.quality.content_findings import about_wording
from bench.quality.labelled_sets import read, shipped, submission
from smsvet import Reviewer, Submission, Verdict
from smsvet.schema import read_submission

UNSEEN = "fake_base_station_sms"
GRAM = 4
"""Length in characters of the n-grams that identify near copies."""
COPIED = 0.5
"""Share of n-grams seen before above which a message is a near copy."""
_NOT_HAN = re.compile("[^\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is caught without disguise, whether it is shipped, and the category of its terms."""

    shipped: bool
    submission: Submission
    category: str
    places: tuple[tuple[int, int], ...]
    """Spans of the terms of the category in the body, in code points."""

    @property
    def body(self) -> str:
        """Return the body of the submission."""
        return self.submission.body or ""


def messages(reviewer: Reviewer, data: Path, count: int, seed: int) -> list[Message]:
    """Return the caught shipped messages, and at most `count` unseen ones without near copies."""
    seen: set[str] = set()
    caught = [item for item in taken(reviewer, shipped_rows(), shipped=True) if is_new(item.body, seen)]
    if (data / f"{UNSEEN}.jsonl").is_file():
        rows = [(submission(row), "") for row in read(data, UNSEEN, "filled")]
        random.Random(seed).shuffle(rows)
        unseen: list[Message] = []
        for item in taken(reviewer, rows, shipped=False):
            if len(unseen) == count:
                break
            if is_new(item.body, seen):
                unseen.append(item)
        caught += unseen
    return caught


def shipped_rows() -> Iterator[tuple[Submission, str]]:
    """Yield the violating templates of `corpora/labelled` with their class."""
    for example in shipped("violating"):
        if "body" in example["submission"]:
            yield read_submission(example["submission"]), str(example.get("class", ""))


def taken(reviewer: Reviewer, rows: Iterable[tuple[Submission, str]], *, shipped: bool) -> Iterator[Message]:
    """Yield the rows that are caught because of their wording."""
    for item, label in rows:
        category = caught_for(reviewer.review(item), label)
        if category and (places := terms_of(reviewer, item, category)):
            yield Message(shipped, item, category, tuple(places))


def caught_for(verdict: Verdict, label: str) -> str | None:
    """Return the category of a verdict: the label's if found, else the first; None without one."""
    found = [item.category for item in about_wording(verdict.findings)]
    return label if label in found else found[0] if found else None


def terms_of(reviewer: Reviewer, plain: Submission, category: str) -> list[tuple[int, int]]:
    """Return the spans of the terms of a category, without single characters and overlaps with an earlier one."""
    pieces = sorted(
        (piece.start, -piece.end)
        for term in reviewer.read(plain).texts["body"].terms
        if term.category == category
        for piece in term.spans or (term.span,)
    )
    places: list[tuple[int, int]] = []
    for start, end in pieces:
        if not places or start >= places[-1][1]:
            places.append((start, -end))
    return [place for place in places if place[1] - place[0] > 1]


def is_new(body: str, seen: set[str]) -> bool:
    """Return whether a text is not a near copy of the texts seen before, and add its n-grams to `seen`."""
    words = _NOT_HAN.sub("", body)
    grams = {words[at : at + GRAM] for at in range(max(1, len(words) - GRAM + 1))}
    if len(grams & seen) > COPIED * len(grams):
        return False
    seen |= grams
    return True
