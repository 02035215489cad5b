"""Compare the surroundings of candidates: in equal windows of text, the same candidate has the same result."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import pairwise

from .plausibility import RUN, Context
from .readings import AsWritten, Reading


class Windows:
    """The windows of one reading of a text: all that the doubt about a candidate depends on."""

    def __init__(self, context: Context, view: Reading | AsWritten) -> None:
        """Segment the whole text of a context."""
        self._folded = context.folded
        self._begins = context.segmenter.begins(context.folded)
        self._known = bytes(context.known)
        self._reading, self._starts, self._ends = view.reading, view.starts, view.ends
        self._steps = tuple(view.steps) if view.steps else ()
        # The units of a reading as written follow from the text.
        rewritten = isinstance(view, Reading)
        self._apart = tuple(right - left for left, right in pairwise(view.starts)) if rewritten else ()
        self._sizes = (
            tuple(end - start for start, end in zip(view.starts, view.ends, strict=True)) if rewritten else ()
        )

    def left_of(self, start: int) -> int:
        """Return where a unit begins in the normalised text."""
        return self._starts[start]

    def key(self, start: int, end: int) -> Hashable | None:
        """Return a key that is equal for equal windows around the units [start, end); None at an edge of the reading."""
        if not start or end == len(self._reading):
            return None
        left, right = self._starts[start], self._ends[end - 1]
        first = max(left - RUN, 0)
        return (
            self._folded[first : right + RUN],
            left - first,
            right - left,
            self._reading[start:end],
            self._steps[start - 1 : end + 1],
            self._apart[start - 1 : end],
            self._sizes[start:end],
            self._begins[left : right + 1],
            self._known[left:right],
        )
