"""Many texts as one, so that each step over them is taken once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..text.fold import Folder
from ..text.text import HOLE

BETWEEN = "\x1e"
"""Stands behind each text: no word and no pattern has it, and nothing is read across it."""

POINTS = 0x10000
"""Code points that are told apart. The last stands for all beyond: a text with one is odd."""

Places = NDArray[np.int64]
Points = NDArray[np.int64]
Mask = NDArray[np.bool_]
Spans = tuple[Places, Places, Places]
"""The text that each of some parts is in, and where it begins and ends, from the beginning of the joined ones."""


class JoinedTexts:
    """Texts without BETWEEN, joined as they were written.

    Places count in code points from the beginning of the first text.
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
        """Return how many texts there are."""
        return len(self.starts)

    def rows(self, places: Places) -> Places:
        """Return which text each place is in."""
        return self._owner.take(places)

    def having(self, places: Places) -> Mask:
        """Return which texts have one of these places."""
        found = np.zeros(len(self), np.bool_)
        found[self.rows(places)] = True
        return found

    def count(self, inside: Mask) -> Places:
        """Return how many code points each text has of those that are `inside`."""
        return np.add.reduceat(inside, self.starts, dtype=np.int64)

    def gathered(self, bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the bits that the code points of each text have together."""
        # What stands between texts is part of the one before, so that none is without a code point.
        return np.bitwise_or.reduceat(bits, self.starts)


class FoldTable:
    """The fold as an array, for texts in which every code point becomes exactly one. Immutable."""

    def __init__(self, folder: Folder) -> None:
        """Take the fold that it must agree with."""
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
        """Return which texts have a code point that the table cannot fold, or that a rule looks for."""
        return joined.count(self._unsupported.take(joined.points)) > 0

    def fold(self, joined: JoinedTexts, holes: Spans) -> Points:
        """Return the folded code points of texts that are not odd, those of their placeholders as HOLE."""
        folded = self._normalised.take(joined.points)
        _, first, last = holes
        folded[expand_ranges(first, last - first)] = ord(HOLE)
        return folded


def expand_ranges(first: Places, count: Places) -> Places:
    """Return the numbers of ranges, one range after the other: as many as `count` from each `first` on."""
    ends = np.cumsum(count)
    return np.repeat(first - (ends - count), count) + np.arange(ends[-1] if len(ends) else 0)


def membership(characters: Iterable[str]) -> Mask:
    """Return of every code point whether it is one of these characters; those beyond POINTS are left out."""
    inside = np.zeros(POINTS, np.bool_)
    inside[[point for point in map(ord, characters) if point < POINTS]] = True
    return inside


def to_text(points: Points) -> str:
    """Return code points as text."""
    return points.astype(np.uint32).tobytes().decode("utf-32-le", "replace")
