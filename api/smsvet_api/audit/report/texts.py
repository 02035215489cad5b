"""Prepares text of the archive for display: invisible characters become visible, long texts are cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_BLANKS: Final = frozenset({"\t", "\n", "\r"})
_MOST_MARKS: Final = 2
"""Combining marks on one character that are shown; more would cover the lines around it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a shown text. A part that is `code` names a character that cannot be seen."""

    text: str
    decision: int | None = None
    code: bool = False


def pieces(text: str, decision: int | None = None) -> Iterable[Piece]:
    """Yield the parts of a text: visible characters as they are, others as their code points."""
    marks = 0
    shown: list[tuple[bool, str]] = []
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        hidden = (category in _INVISIBLE and char not in _BLANKS) or marks > _MOST_MARKS
        shown.append((hidden, f"U+{ord(char):04X}" if hidden else " " if char in _BLANKS else char))
    for hidden, some in groupby(shown, key=lambda one: one[0]):
        yield Piece((" " if hidden else "").join(part for _, part in some), decision, hidden)


def shortened(text: str, most: int) -> str:
    """Return at most so many code points of a text, with an ellipsis if it was longer."""
    return text if len(text) <= most else text[: most - 1] + "…"
