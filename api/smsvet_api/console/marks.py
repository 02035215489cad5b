"""A text in parts for display: marks of findings, placeholders, line breaks, and characters that cannot be seen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from smsvet import Decision

from ..audit.report.texts import pieces

ADVICE: Final = 24
"""Code points of advice that are marked; advice on a whole text would mark all of it."""
_PLACEHOLDER: Final = re.compile(r"\{[^{}\n]{1,32}\}")

Kind = Literal["text", "hidden", "break", "placeholder"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of a finding, in code points."""

    start: int
    end: int
    decision: str
    number: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the text with the strictest decision on it and the numbers of its groups."""

    text: str
    decision: str | None = None
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a segment. A hidden one is the code points of characters that cannot be seen."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A segment in parts. `ends` are the numbers of the marks that end with it."""

    parts: tuple[Part, ...]
    decision: str | None = None
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def marks_of(
    findings: Iterable[Mapping[str, Any]], numbers: Mapping[tuple[str, str], int], field: str
) -> list[Mark]:
    """Return the places of findings in a field. One without a width goes on the character before it.

    `numbers` has the number of each rule and decision.
    """
    found: list[Mark] = []
    for item in findings:
        if item["field"] != field or item["start"] is None:
            continue
        for start, end in item.get("spans") or [(item["start"], item["end"])]:
            if item["decision"] == Decision.APPROVE and end - start > ADVICE:
                continue
            if start == end:
                start, end = (start - 1, end) if start else (0, 1)
            found.append(Mark(start, end, item["decision"], numbers[item["rule"], item["decision"]]))
    return found


def segments(text: str, marks: Sequence[Mark], cuts: Iterable[int] = ()) -> list[Segment]:
    """Return the text cut where a mark begins or ends, and at `cuts`."""
    places = {min(at, len(text)) for mark in marks for at in (mark.start, mark.end)}
    found: list[Segment] = []
    for start, end in itertools.pairwise(sorted({0, len(text), *places, *cuts})):
        here = [mark for mark in marks if mark.start <= start and end <= mark.end]
        strictest = max((mark.decision for mark in here), key=lambda name: Decision(name).rank, default=None)
        found.append(Segment(text[start:end], strictest, tuple(sorted({mark.number for mark in here}))))
    return found


def marked(text: str, marks: Sequence[Mark] = (), *, placeholders: bool = False) -> list[Marked]:
    """Return the text in segments and parts. Placeholders such as `{1}` become parts of their own on demand."""
    holes = {found.span() for found in _PLACEHOLDER.finditer(text)} if placeholders else set()
    ends: dict[int, tuple[int, ...]] = dict.fromkeys((mark.end for mark in marks), ())
    for mark in marks:
        ends[mark.end] = tuple(sorted({*ends[mark.end], mark.number}))
    found: list[Marked] = []
    at = 0
    for segment in segments(text, marks, (place for hole in holes for place in hole)):
        end = at + len(segment.text)
        parts = (Part("placeholder", segment.text),) if (at, end) in holes else tuple(_parts(segment.text))
        found.append(Marked(parts, segment.decision, segment.numbers, ends.get(end, ())))
        at = end
    return found


def _parts(text: str) -> Iterable[Part]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Part("break", "\n")
        for piece in pieces(line):
            if piece.text:
                yield Part("hidden" if piece.code else "text", piece.text)
