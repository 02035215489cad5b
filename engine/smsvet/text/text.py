"""One submitted field with the terms, links, contacts and placeholders found in it; and the names of the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..model import Contact, Link, Placeholder, Problem, Span, Term

HOLE = "\x1f"
"""Replaces every code point of a placeholder in a normalised text, so that no match spans a placeholder."""

SEARCHED = 3000
"""Code points of a text that are searched, from its start. No provider accepts a fifth of that length, and a rule
rejects longer texts."""

Where = Literal["signature", "body", "text", "params", "remark"]

BODY: tuple[Where, ...] = ("body", "text")
"""The fields that a pattern applies to by default."""

SPOKEN: tuple[Where, ...] = ("signature", "body", "text", "params")
"""The fields whose text is sent to the recipient."""


@dataclass(frozen=True, slots=True)
class Text:
    """One field of a submission.

    `folded` is the normalised text, used for matching. `origins` is its offset map: `origins[i]` is the index in
    `original` of the i-th normalised code point, and the last element is `len(original)`. None stands for the
    identity. `offset` is the start of `original` in the submitted field, which is not 0 only for a signature found
    in `text`. `left` is the number of code points after `original` that are not searched because the text is too
    long.
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
    """Whether normalisation may delete or expand a character, or a character may be traditional Chinese."""

    def span(self, start: int, end: int) -> Span:
        """Return the place in the submitted field of the normalised code points [start, end)."""
        if self.origins is not None:
            start, end = (
                self.origins[start],
                (self.origins[end - 1] + 1 if end > start else self.origins[end]),
            )
        return Span(self.field, start + self.offset, end + self.offset)

    @property
    def length(self) -> int:
        """Return the length of the whole submitted text in code points."""
        return len(self.original) + self.left

    def place(self, start: int, end: int) -> Span:
        """Return the place in the submitted field of the code points [start, end) of `original`."""
        return Span(self.field, start + self.offset, end + self.offset)

    def quote(self, span: Span) -> str:
        """Return the submitted text of a span of this field."""
        return self.original[span.start - self.offset : span.end - self.offset]
