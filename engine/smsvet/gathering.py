"""What the matches of many joined texts say of each text, gathered for all of them together."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from .joined import Places

_WORD = 64
"""Bits of an array's number."""


class Bits:
    """For each pattern a set of bits, to be gathered by text. Immutable."""

    def __init__(self, by_pattern: Mapping[int, int], count: int) -> None:
        """Take the bits of the patterns that have some, and how many patterns there are."""
        width = -(-max((bits.bit_length() for bits in by_pattern.values()), default=1) // _WORD)
        self._size = width * _WORD // 8
        self._table = np.zeros((count, width), np.uint64)
        self._has = np.zeros(count, np.bool_)
        for number, bits in by_pattern.items():
            self._table[number] = np.frombuffer(bits.to_bytes(self._size, "little"), "<u8")
            self._has[number] = True

    def gather(self, patterns: Places, texts: Places, count: int) -> list[int]:
        """Return the bits of each of `count` texts, given the matches' patterns and, in order, their texts."""
        kept = np.flatnonzero(self._has[patterns])
        gathered = np.zeros((count, self._table.shape[1]), np.uint64)
        if len(kept):
            owners = texts[kept]
            firsts = np.flatnonzero(np.diff(owners, prepend=-1))
            gathered[owners[firsts]] = np.bitwise_or.reduceat(self._table[patterns[kept]], firsts, axis=0)
        data = gathered.astype("<u8").tobytes()
        return [
            int.from_bytes(data[at : at + self._size], "little") for at in range(0, len(data), self._size)
        ]


class Wanted:
    """Some of the patterns, to tell which texts have one of them. Immutable."""

    def __init__(self, patterns: Collection[int], count: int) -> None:
        """Take the patterns, and how many there are in all."""
        self._inside = np.zeros(count, np.bool_)
        self._inside[list(patterns)] = True

    def having(self, patterns: Places, texts: Places, count: int) -> NDArray[np.bool_]:
        """Return which of `count` texts have one, given the matches' patterns and texts."""
        found = np.zeros(count, np.bool_)
        found[texts[self._inside[patterns]]] = True
        return found
