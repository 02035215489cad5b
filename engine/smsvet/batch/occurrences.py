"""What stands in many texts, as pairs of a literal and a text, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .joined import Mask, Places, expand_ranges

_SHIFT = 12
TEXTS = 1 << _SHIFT
"""Texts that are looked at together at most."""

Pairs = tuple[Places, Places]
"""What is true of a text, as a number, and the text it is true of."""


class Occurrences:
    """Which literals stand in which texts: each pair once, in the order of the literals."""

    def __init__(self, literals: Places, texts: Places, known: int, count: int) -> None:
        """Take pairs in any order, how many literals are known, and how many texts there are, at most TEXTS."""
        pairs = np.sort((literals << _SHIFT) + texts)
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        self.literal, self.text = pairs >> _SHIFT, pairs & (TEXTS - 1)
        self.times = np.bincount(self.literal, minlength=known)
        """By literal, in how many texts it stands."""
        self._first = np.cumsum(self.times) - self.times
        there = np.flatnonzero(self.times)
        self._place = np.full(known, len(there))
        self._place[there] = np.arange(len(there))
        # The last row is that of all literals that stand nowhere.
        self._inside = np.zeros((len(there) + 1, count), np.bool_)
        self._inside[self._place.take(self.literal), self.text] = True

    def texts(self, literals: Places) -> tuple[Places, Places]:
        """Return the texts of some literals, one literal after the other, and how many each has."""
        count = self.times.take(literals)
        return self.text.take(expand_ranges(self._first.take(literals), count)), count

    def is_in(self, literals: Places, texts: Places | int) -> Mask:
        """Return of each literal whether it stands in the text beside it."""
        found: Mask = self._inside[self._place.take(literals), texts]
        return found


class RaggedArray:
    """Lists of numbers, one behind the other. Immutable."""

    __slots__ = ("_count", "_first", "_members")

    def __init__(self, members: NDArray[np.int64], count: NDArray[np.int64]) -> None:
        """Take the members of all lists, and how many each has."""
        self._members = members
        self._count = count
        self._first = np.cumsum(count) - count

    @classmethod
    def of(cls, lists: Sequence[Collection[int]]) -> RaggedArray:
        """Return lists as arrays."""
        count = np.fromiter(map(len, lists), np.int64, len(lists))
        return cls(np.fromiter(chain.from_iterable(lists), np.int64, int(count.sum())), count)

    def pick(self, numbers: Places) -> tuple[Places, Places]:
        """Return the members of some lists, one list after the other, and how many each has."""
        count = self._count.take(numbers)
        return self._members.take(expand_ranges(self._first.take(numbers), count)), count

    def occurring(self, found: Occurrences) -> tuple[RaggedArray, Places]:
        """Return the lists with those literals alone that stand in some text, and in how many texts those of each do.

        No list may be empty.
        """
        times = found.times.take(self._members)
        there = times > 0
        left = RaggedArray(self._members[there], np.add.reduceat(there, self._first, dtype=np.int64))
        return left, np.add.reduceat(times, self._first)


class Outcomes:
    """What is true of a text in which certain literals stand. Immutable.

    An outcome follows from one literal alone, or from one literal of each of several groups together.
    """

    def __init__(
        self,
        single: Mapping[int, Collection[int]],
        joint: Sequence[tuple[int, Sequence[Collection[int]]]],
        count: int,
    ) -> None:
        """Take the outcomes by literal, outcomes with two groups or more each, and how many literals there are."""
        self._single = RaggedArray.of([single.get(literal, ()) for literal in range(count)])
        self._outcome = np.fromiter((outcome for outcome, _ in joint), np.int64, len(joint))
        self._groups = RaggedArray.of([group for _, groups in joint for group in groups])
        self._parts = np.fromiter((len(groups) for _, groups in joint), np.int64, len(joint))
        self._first = np.cumsum(self._parts) - self._parts

    def of(self, found: Occurrences) -> Pairs:
        """Return outcomes and texts; a pair may come more than once."""
        outcomes, count = self._single.pick(found.literal)
        texts = np.repeat(found.text, count)
        if not len(self._outcome):
            return outcomes, texts
        more, others = self._together(found)
        return np.concatenate((outcomes, more)), np.concatenate((texts, others))

    def _together(self, found: Occurrences) -> Pairs:
        groups, times = self._groups.occurring(found)
        # Where one group stands nowhere, there is nothing to look for.
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
        """Return of each outcome the group that stands in the fewest texts."""
        count = self._parts.take(joint)
        group = expand_ranges(self._first.take(joint), count)
        order = np.lexsort((times.take(group), np.repeat(joint, count)))
        rarest: Places = group[order[np.cumsum(count) - count]]
        return rarest
