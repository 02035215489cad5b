"""One submitted field with what was found in it, and the names of the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..model import Contact, Link, Placeholder, Problem, Span, Term

HOLE = "\x1f"
"""Stands for every code point of a placeholder in a folded text, so that nothing matches through it."""

SEARCHED = 3000
"""Code points of one text that are searched. No provider takes a fifth of it; a rule refuses longer ones."""

Where = Literal["signature", "body", "text", "params", "remark"]

BODY: tuple[Where, ...] = ("body", "text")
"""The fields in which a pattern is looked for unless others are named."""

SPOKEN: tuple[Where, ...] = ("signature", "body", "text", "params")
"""The fields that reach the recipient."""


@dataclass(frozen=True, slots=True)
class Text:
    """One field of a submission.

    `folded` is what is matched; `origins[i]` is the index in `original` that the i-th folded code
    point came from, with `len(original)` appended (None: they are the same). `offset` is where
    `original` begins in the submitted field (only a signature read out of `text` has one). `left` is how
    many code points of a text too long to be searched come after `original`.
    """

    field: str
    original: str
    folded: str
    origins: Sequence[int] | None = None
    offset: int = 0
    placeholders: tuple[Placeholder, ...] = ()
    problems: tuple[Problem, ...] = ()
    corrected: str | None = None
    terms: tuple[Term, ...] = ()
    links: tuple[Link, ...] = ()
    contacts: tuple[Contact, ...] = ()
    left: int = 0
    pattern_bits: int = -1
    """The patterns that may match, as bits of `smsvet.rules.prefilter`."""

    unusual: bool = False
    """Whether a character is removed or widened by the fold, or used in traditional writing alone."""

    def span(self, start: int, end: int) -> Span:
        """Return the place in the submitted field of the folded code points [start, end)."""
        if self.origins is not None:
            start, end = (
                self.origins[start],
                (self.origins[end - 1] + 1 if end > start else self.origins[end]),
            )
        return Span(self.field, start + self.offset, end + self.offset)

    @property
    def length(self) -> int:
        """Return the code points of the whole submitted text."""
        return len(self.original) + self.left

    def place(self, start: int, end: int) -> Span:
        """Return the place in the submitted field of the code points [start, end) of `original`."""
        return Span(self.field, start + self.offset, end + self.offset)

    def quote(self, span: Span) -> str:
        """Return the submitted text of a span of this field."""
        return self.original[span.start - self.offset : span.end - self.offset]
