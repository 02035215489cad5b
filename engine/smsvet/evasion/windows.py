"""Compare the surroundings of candidates: in equal windows of text, the same candidate has the same result."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import pairwise

from .disguise import Disguise
from .homophones import SoundMatch
from .plausibility import RUN, Context
from .readings import AsWritten, Reading

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789@$")

Candidate = tuple[Reading | AsWritten, SoundMatch]
"""A reading, and the part of it that sounds like a word."""


class Windows:
    """The windows of one reading of a text. The doubt about a candidate depends on nothing outside its window."""

    def __init__(self, context: Context, view: Reading | AsWritten) -> None:
        """Segment the whole text of a context."""
        self._context, self._folded = context, context.folded
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
        text = self._folded
        # Only letters beside a candidate can continue: of other text, its neighbours are enough.
        first = max(left - (RUN if text[left - 1 : left] in _LETTERS else 1), 0)
        return (
            text[first : right + (RUN if text[right : right + 1] in _LETTERS else 1)],
            left - first,
            right - left,
            self._reading[start:end],
            self._steps[start - 1 : end + 1],
            self._apart[start - 1 : end],
            self._sizes[start:end],
            self._begins[left : right + 1],
            self._known[left:right],
            self._context.in_chinese(left, right),
        )


def judged_once(
    context: Context,
    candidates: Iterable[Candidate],
    best: Mapping[tuple[str, int, int], Disguise],
    judged: Callable[[Iterable[Candidate]], Iterator[tuple[str, Disguise]]],
) -> Iterator[tuple[str, Disguise]]:
    """Yield the same as `judged`, without judging a candidate again in an equal window.

    Leaves out a word that is in `best`, at the same place after as few steps. The caller adds to it.
    """
    windows: dict[int, Windows] = {}
    known: dict[Hashable, tuple[str, Disguise, int] | None] = {}
    read: tuple[int, int, int] | None = None
    left, window = 0, None
    for view, match in candidates:
        written, start, end, backwards = match
        # One part of a reading may sound like many words.
        if read != (id(view), start, end):
            read = id(view), start, end
            around = windows.get(id(view)) or windows.setdefault(id(view), Windows(context, view))
            left, window = around.left_of(start), around.key(start, end)
        key = written, backwards, window
        if window is None or key not in known:
            found = next(judged(((view, match),)), None)
            known[key] = (*found, left) if found else None
            if found:
                yield found
        elif seen := known[key]:
            word, disguise, place = seen
            by = left - place
            other = best.get((word, disguise.pieces[0][0] + by, disguise.pieces[-1][1] + by))
            if other is None or len(disguise.transforms) < len(other.transforms):
                yield word, disguise.moved(by)
