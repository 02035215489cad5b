"""Many folded texts as one, so that each step over them is taken once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .document import HOLE
from .fold import Folder

BETWEEN = "\x1e"
"""Stands between two texts: no word and no pattern has it, and nothing is read across it."""

_POINTS = 0x110000

Points = NDArray[np.uint32]
Places = NDArray[np.int64]


class FoldTable:
    """The fold as an array, for texts in which every code point becomes exactly one. Immutable."""

    def __init__(self, folder: Folder) -> None:
        """Take the fold that it must agree with."""
        self._becomes = np.arange(_POINTS, dtype=np.uint32)
        for point, folded in folder.table.items():
            if isinstance(folded, int):
                self._becomes[point] = folded
        self._odd = np.zeros(_POINTS, np.bool_)
        self._odd[[ord(HOLE), ord(BETWEEN)]] = True
        self._odd[0xD800:0xE000] = True
        self._odd[0x10000:] = True
        for point in range(0x10000):
            if folder.unusual.match(chr(point)):
                self._odd[point] = True

    def join(self, texts: Sequence[str], holes: Sequence[tuple[int, int, int]]) -> Joined:
        """Return the texts folded and joined; `holes` are placeholders as (text, start, end)."""
        # The last one too, so that no text is without a code point of its own.
        whole = BETWEEN.join([*texts, ""])
        points = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        starts = np.cumsum(lengths + 1) - lengths - 1
        odd = self._odd[points]
        odd[starts + lengths] = False
        folded = self._becomes[points]
        if holes:
            number, first, last = np.array(holes, np.int64).T
            sizes = last - first
            begins = starts[number] + first
            inside = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
            folded[inside] = ord(HOLE)
        unusual = np.zeros(len(texts), np.bool_)
        unusual[text_at(starts, np.flatnonzero(odd))] = True
        return Joined(folded, starts, starts + lengths, unusual)


class Joined:
    """Texts folded and joined: places count in code points from the beginning of the first."""

    __slots__ = ("ends", "folded", "starts", "text", "unusual")

    def __init__(self, folded: Points, starts: Places, ends: Places, unusual: NDArray[np.bool_]) -> None:
        self.folded = folded
        self.starts = starts
        self.ends = ends
        self.unusual = unusual
        """Which texts have a code point that the table cannot fold, or that a rule looks for."""
        self.text = folded.tobytes().decode("utf-32-le", "replace")

    def rows(self, places: Places) -> Places:
        """Return which text each place is in."""
        return text_at(self.starts, places)

    def count(self, classes: NDArray[np.bool_]) -> list[int]:
        """Return how many code points of a class each text has; `classes` tells of every one whether it is in it."""
        inside = classes[self.folded]
        counts: list[int] = np.add.reduceat(inside, self.starts, dtype=np.int64).tolist()
        return counts


def text_at(starts: Places, places: Places) -> Places:
    """Return the number of the text that each place is in."""
    return np.searchsorted(starts, places, side="right") - 1


def class_of(characters: Iterable[str]) -> NDArray[np.bool_]:
    """Return of every code point whether it is one of these characters."""
    inside = np.zeros(_POINTS, np.bool_)
    inside[[ord(char) for char in characters]] = True
    return inside
