"""Represent the literals in many texts as pairs of literal and text, and derive outcomes from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .joined import Mask, Places, expand_ranges

_SHIFT = 12
TEXTS = 1 << _SHIFT
"""Maximum number of texts in one batch."""

Pairs = tuple[Places, Places]
"""Numbers of literals or outcomes, and the text that each belongs to."""


class Occurrences:
    """Unique pairs of literal and text, in the order of literals."""

    def __init__(self, literals: Places, texts: Places, known: int, count: int) -> None:
        """Take pairs in any order, the number of literals, and the number of texts, at most TEXTS."""
        pairs = np.sort((literals << _SHIFT) + texts)
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        self.literal, self.text = pairs >> _SHIFT, pairs & (TEXTS - 1)
        self.times = np.bincount(self.literal, minlength=known)
        """By literal, the number of texts that contain it."""
        self._first = np.cumsum(self.times) - self.times
        there = np.flatnonzero(self.times)
        self._place = np.full(known, len(there))
        self._place[there] = np.arange(len(there))
        # The last row is for all literals that no text contains.
        self._inside = np.zeros((len(there) + 1, count), np.bool_)
        self._inside[self._place.take(self.literal), self.text] = True

    def texts(self, literals: Places) -> tuple[Places, Places]:
        """Return the texts of each literal, one literal after the other, and the number of texts of each."""
        count = self.times.take(literals)
        return self.text.take(expand_ranges(self._first.take(literals), count)), count

    def is_in(self, literals: Places, texts: Places | int) -> Mask:
        """Return whether each literal occurs in the text at the same index."""
        found: Mask = self._inside[self._place.take(literals), texts]
        return found


class RaggedArray:
    """Lists of numbers, concatenated into one array. Immutable."""

    __slots__ = ("_count", "_first", "_members")

    def __init__(self, members: NDArray[np.int64], count: NDArray[np.int64]) -> None:
        """Take the concatenated members, and the length of each list."""
        self._members = members
        self._count = count
        self._first = np.cumsum(count) - count

    @classmethod
    def of(cls, lists: Sequence[Collection[int]]) -> RaggedArray:
        """Return the array for the given lists."""
        count = np.fromiter(map(len, lists), np.int64, len(lists))
        return cls(np.fromiter(chain.from_iterable(lists), np.int64, int(count.sum())), count)

    def pick(self, numbers: Places) -> tuple[Places, Places]:
        """Return the members of the given lists, concatenated, and the length of each list."""
        count = self._count.take(numbers)
        return self._members.take(expand_ranges(self._first.take(numbers), count)), count

    def occurring(self, found: Occurrences) -> tuple[RaggedArray, Places]:
        """Return the lists without literals that no text contains, and the total of texts per list.

        No list may be empty.
        """
        times = found.times.take(self._members)
        there = times > 0
        left = RaggedArray(self._members[there], np.add.reduceat(there, self._first, dtype=np.int64))
        return left, np.add.reduceat(times, self._first)


class Outcomes:
    """Outcomes that follow from the literals of a text. Immutable.

    An outcome follows from a single literal, or from one literal of each of several groups together.
    """

    def __init__(
        self,
        single: Mapping[int, Collection[int]],
        joint: Sequence[tuple[int, Sequence[Collection[int]]]],
        count: int,
    ) -> None:
        """Take the outcomes by single literal, those with two or more groups, and the number of literals."""
        self._single = RaggedArray.of([single.get(literal, ()) for literal in range(count)])
        self._outcome = np.fromiter((outcome for outcome, _ in joint), np.int64, len(joint))
        self._groups = RaggedArray.of([group for _, groups in joint for group in groups])
        self._parts = np.fromiter((len(groups) for _, groups in joint), np.int64, len(joint))
        self._first = np.cumsum(self._parts) - self._parts

    def of(self, found: Occurrences) -> Pairs:
        """Return pairs of outcome and text, possibly with duplicates."""
        outcomes, count = self._single.pick(found.literal)
        texts = np.repeat(found.text, count)
        if not len(self._outcome):
            return outcomes, texts
        more, others = self._together(found)
        return np.concatenate((outcomes, more)), np.concatenate((texts, others))

    def _together(self, found: Occurrences) -> Pairs:
        groups, times = self._groups.occurring(found)
        # An outcome is impossible if no text contains any literal of one of its groups.
        joint = np.flatnonzero(np.minimum.reduceat(times, self._first))
        rarest = self._rarest(joint, times)
        literals, size = groups.pick(rarest)
        texts, count = found.texts(literals)
        joint, rarest = (np.repeat(np.repeat(one, size), count) for one in (joint, rarest))
        for part in range(int(self._parts.max(initial=0))):
            group = self._first.take(joint) + part
            tested = np.flatnonzero((part < self._parts.take(joint)) & (group != rarest))
            if not len(tested):
                continue
            literals, size = groups.pick(group[tested])
            there = found.is_in(literals, np.repeat(texts[tested], size))
            kept = np.ones(len(joint), np.bool_)
            kept[tested] = np.logical_or.reduceat(there, np.cumsum(size) - size)
            joint, rarest, texts = joint[kept], rarest[kept], texts[kept]
        return self._outcome.take(joint), texts

    def _rarest(self, joint: Places, times: Places) -> Places:
        """Return the group of each outcome that occurs in the fewest texts."""
        count = self._parts.take(joint)
        group = expand_ranges(self._first.take(joint), count)
        order = np.lexsort((times.take(group), np.repeat(joint, count)))
        rarest: Places = group[order[np.cumsum(count) - count]]
        return rarest
