"""Join many texts into one, so that each operation runs once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..text.fold import Folder
from ..text.text import HOLE

BETWEEN = "\x1e"
"""Separator after each text. No word or pattern contains it, and no reading spans it."""

POINTS = 0x10000
"""Size of tables by code point. The last index represents all higher code points, which are not supported."""

Places = NDArray[np.int64]
Points = NDArray[np.int64]
Mask = NDArray[np.bool_]
Spans = tuple[Places, Places, Places]
"""For each part: its text's index, and its start and end in the joined text."""


class JoinedTexts:
    """Submitted texts without BETWEEN, joined into one.

    Places count in code points from the start of the first text.
    """

    __slots__ = ("_owner", "ends", "points", "starts", "text")

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = BETWEEN.join([*texts, ""])
        points = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self.points = np.minimum(points, POINTS - 1).astype(np.int64)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self.ends = np.cumsum(lengths + 1) - 1
        self.starts = self.ends - lengths
        self._owner = np.repeat(np.arange(len(texts)), lengths + 1)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.starts)

    def rows(self, places: Places) -> Places:
        """Return the index of the text that contains each place."""
        return self._owner.take(places)

    def having(self, places: Places) -> Mask:
        """Return which texts contain at least one of these places."""
        found = np.zeros(len(self), np.bool_)
        found[self.rows(places)] = True
        return found

    def without(self, points: Points, left_out: Mask) -> Points:
        """Return code points of the joined text with BETWEEN in place of those of the texts left out."""
        if not left_out.any():
            return points
        return np.where(left_out.take(self._owner), ord(BETWEEN), points)

    def count(self, inside: Mask) -> Places:
        """Return how many of each text's code points are `inside`."""
        return np.add.reduceat(inside, self.starts, dtype=np.int64)

    def gathered(self, bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the bitwise OR over the code points of each text."""
        # A separator counts as part of the text before it, so that no text is empty.
        return np.bitwise_or.reduceat(bits, self.starts)


class FoldTable:
    """Normalisation as an array, for texts where every code point becomes exactly one. Immutable."""

    def __init__(self, folder: Folder) -> None:
        """Take the normalisation that it must agree with."""
        self._normalised = np.arange(POINTS)
        self._unsupported = np.zeros(POINTS, np.bool_)
        for point in range(POINTS):
            folded = folder.table.get(point)
            if isinstance(folded, int):
                self._normalised[point] = min(folded, POINTS - 1)
            if folder.unusual.match(chr(point)):
                self._unsupported[point] = True
        self._unsupported[[ord(HOLE), POINTS - 1]] = True
        self._unsupported[0xD800:0xE000] = True
        self._unsupported[ord(BETWEEN)] = False

    def unsupported(self, joined: JoinedTexts) -> Mask:
        """Return which texts have a code point that this table cannot normalise or that a rule reports."""
        return joined.count(self._unsupported.take(joined.points)) > 0

    def fold(self, joined: JoinedTexts, holes: Spans) -> Points:
        """Return the normalised code points of supported texts; those of placeholders become `HOLE`."""
        folded = self._normalised.take(joined.points)
        _, first, last = holes
        folded[expand_ranges(first, last - first)] = ord(HOLE)
        return folded


def expand_ranges(first: Places, count: Places) -> Places:
    """Return the numbers of consecutive ranges: `count` numbers from each `first`."""
    ends = np.cumsum(count)
    return np.repeat(first - (ends - count), count) + np.arange(ends[-1] if len(ends) else 0)


def membership(characters: Iterable[str]) -> Mask:
    """Return whether each code point is one of these characters; those beyond POINTS are ignored."""
    inside = np.zeros(POINTS, np.bool_)
    inside[[point for point in map(ord, characters) if point < POINTS]] = True
    return inside


def to_text(points: Points) -> str:
    """Return code points as text."""
    return points.astype(np.uint32).tobytes().decode("utf-32-le", "replace")
