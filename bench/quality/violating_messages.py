"""Violating messages that are caught undisguised: those of `corpora/labelled`, and real ones not used for tuning."""

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
"""Length in characters of the n-grams by which near copies are recognised."""
COPIED = 0.5
"""A message is a near copy if more than this share of its n-grams occurred before."""
_NOT_HAN = re.compile("[^\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is caught undisguised: whether it is shipped, and the category of its terms."""

    shipped: bool
    submission: Submission
    category: str
    places: tuple[tuple[int, int], ...]
    """Spans of the terms of the category in the body, in code points."""

    @property
    def body(self) -> str:
        """Return the text."""
        return self.submission.body or ""


def messages(reviewer: Reviewer, data: Path, count: int, seed: int) -> list[Message]:
    """Return the shipped messages that are caught, and at most `count` unseen ones, none nearly a copy of another."""
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
    """Yield the rows that are caught for what their words say."""
    for item, label in rows:
        category = caught_for(reviewer.review(item), label)
        if category and (places := terms_of(reviewer, item, category)):
            yield Message(shipped, item, category, tuple(places))


def caught_for(verdict: Verdict, label: str) -> str | None:
    """Return the category that a message is caught for: its label's, else the first; None if it is not caught."""
    found = [item.category for item in about_wording(verdict.findings)]
    return label if label in found else found[0] if found else None


def terms_of(reviewer: Reviewer, plain: Submission, category: str) -> list[tuple[int, int]]:
    """Return the places of the terms of a category, without those that overlap one before or are one character."""
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
    """Return whether a text is no near copy of those before, and add it to them."""
    words = _NOT_HAN.sub("", body)
    grams = {words[at : at + GRAM] for at in range(max(1, len(words) - GRAM + 1))}
    if len(grams & seen) > COPIED * len(grams):
        return False
    seen |= grams
    return True
