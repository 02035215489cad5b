"""Mark the patterns that may match a text, by the literals that occur in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import cache, reduce
from operator import or_
from typing import NamedTuple

from .anchors import EVERY, as_range, characters, listed
from .artefact import Artefact
from .facts import FIRST_PATTERN


class Anchors:
    """The patterns of all rules, each with a bit of its own. Filled while rules are compiled."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, bool], int] = {}

    def bit(self, pattern: str, original: bool = False) -> int:
        """Return the bit of a pattern that reads the folded text, or the submitted one.

        The next higher bit says that the pattern does match, see `surely`.
        """
        return self._bits.setdefault((pattern, original), FIRST_PATTERN << 2 * len(self._bits))

    def scanner(self, numbers: dict[str, int], artefact: Artefact | None = None) -> Scanner:
        """Return what marks the patterns that may match a text; their literals are added to `numbers`."""
        folded = {pattern: bit for (pattern, original), bit in self._bits.items() if not original}
        submitted = {pattern: bit for (pattern, original), bit in self._bits.items() if original}
        return Scanner(folded, submitted, numbers, artefact)


class _Key(NamedTuple):
    """A branch to look at when a literal of its rarest group was found: the other groups, as numbers."""

    bit: int
    others: tuple[frozenset[int], ...]


class Scanner:
    """Marks the patterns that may match a text, by the literals that occur in it. Immutable."""

    def __init__(
        self,
        folded: Mapping[str, int],
        submitted: Mapping[str, int],
        numbers: dict[str, int],
        artefact: Artefact | None = None,
    ) -> None:
        """Take the patterns that read the folded and the submitted text, and number their literals."""
        artefact = artefact or Artefact()
        literals = artefact.kept("literals", lambda: {pattern: listed(pattern) for pattern in folded})
        signs = artefact.kept("signs", lambda: {pattern: characters(pattern) for pattern in submitted})
        alone: dict[int, int] = {}
        keys: dict[int, list[_Key]] = {}
        always = 0
        for pattern, bit in folded.items():
            known, sure = literals[pattern]
            for word in sure:
                number = numbers.setdefault(word, len(numbers))
                alone[number] = alone.get(number, 0) | surely(bit)
            if known is None:
                always |= bit
                continue
            for branch in known:
                first, *rest = branch
                others = tuple(
                    frozenset(numbers.setdefault(word, len(numbers)) for word in group) for group in rest
                )
                for word in first:
                    number = numbers.setdefault(word, len(numbers))
                    if others:
                        keys.setdefault(number, []).append(_Key(bit, others))
                    else:
                        alone[number] = alone.get(number, 0) | bit
        self.count = len(numbers)
        """How many words and literals are numbered."""
        self._always = always
        self._may = reduce(or_, (*folded.values(), *submitted.values()), 0)
        self.alone: Mapping[int, int] = alone
        """By literal that needs no other: the bits of the patterns that it marks."""
        self._keys = {number: tuple(found) for number, found in keys.items()}
        needed = {bit: tuple(map(as_range, signs[pattern])) for pattern, bit in submitted.items()}
        anything = [bit for bit, ranges in needed.items() if ranges == EVERY or not ranges]
        self._always |= reduce(or_, anything, 0)
        self._needed = {bit: ranges for bit, ranges in needed.items() if bit not in anything}
        every = {piece for ranges in self._needed.values() for piece in ranges}
        inside = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in sorted(every))
        self._signs = re.compile(f"[{inside}]" if inside else "(?!)")
        self._of_sign = cache(self._bits_of)

    def marks(self, original: str, seen: Set[int], sure: bool = True, known: int | None = None) -> int:
        """Return the bits of the patterns that may match a text in which these literals were seen.

        With `sure` also those of patterns that do match; `known` are the bits by literals that need no other,
        where they were gathered before.
        """
        marks, alone, keys = self._always, self.alone, self._keys
        if known is None:
            for number in seen & alone.keys():
                marks |= alone[number]
        else:
            marks |= known
        for number in seen & keys.keys():
            for bit, others in keys[number]:
                if marks & bit:
                    continue
                for group in others:
                    if group.isdisjoint(seen):
                        break
                else:
                    marks |= bit
        if self._signs.search(original) is not None:
            for sign in set(self._signs.findall(original)):
                marks |= self._of_sign(sign)
        return marks if sure else marks & self._may

    def _bits_of(self, sign: str) -> int:
        point = ord(sign)
        return sum(
            bit
            for bit, ranges in self._needed.items()
            if any(first <= point <= last for first, last in ranges)
        )


def surely(bit: int) -> int:
    """Return the bit that says that a pattern does match, given the one that says that it may."""
    return bit << 1
