"""Counts that take bounded memory: distinct values, and the most frequent values."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

KEPT: Final = 4096
"""Hashes that an estimate keeps; the standard error is one in the square root of it, 1.6 %."""
SPACE: Final = 1 << 64


@dataclass(slots=True)
class Distinct:
    """The number of distinct 64-bit hashes: exact up to KEPT, from then on estimated from the smallest ones."""

    kept: int = KEPT
    _heap: list[int] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)
    _full: bool = False

    def add(self, value: int) -> None:
        """Count a hash from 0 to 2**64 - 1."""
        if value in self._known:
            return
        if len(self._heap) < self.kept:
            heapq.heappush(self._heap, -value)
            self._known.add(value)
            return
        self._full = True
        if value < -self._heap[0]:
            self._known.remove(-heapq.heappushpop(self._heap, -value))
            self._known.add(value)

    @property
    def exact(self) -> bool:
        """Return whether `count` is exact."""
        return not self._full

    @property
    def count(self) -> int:
        """Return the number of distinct hashes."""
        if not self._full:
            return len(self._heap)
        return round((self.kept - 1) * SPACE / (1 - self._heap[0]))


Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Frequent(Generic[Key]):
    """The most frequent keys. Of more than `room` keys the rarer half is dropped; a count is then a lower bound.

    A key that was dropped had at most `error` occurrences until then.
    """

    room: int
    counts: Counter[Key] = field(default_factory=Counter)
    error: int = 0

    def add(self, key: Key, times: int = 1) -> list[Key]:
        """Count a key and return the keys that were dropped for it."""
        self.counts[key] += times
        if len(self.counts) <= self.room:
            return []
        ordered = self.counts.most_common()
        dropped = ordered[self.room // 2 :]
        self.error = max(self.error, dropped[0][1])
        for one, _ in dropped:
            del self.counts[one]
        return [one for one, _ in dropped]
