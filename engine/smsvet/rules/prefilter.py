"""Mark the patterns that may match a text, by the literals that occur in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import cache, reduce
from operator import or_
from typing import NamedTuple

from ..files.cache import ContentCache
from .anchors import EVERY, as_range, literals_of, required_characters
from .facts import FIRST_PATTERN


class PatternBits:
    """The patterns of all rules, each with a bit of its own. Filled while rules are compiled."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, bool], int] = {}

    def bit(self, pattern: str, original: bool = False) -> int:
        """Return the bit of a pattern that reads the folded text, or the submitted one.

        The next higher bit says that the pattern does match, see `surely`.
        """
        return self._bits.setdefault((pattern, original), FIRST_PATTERN << 2 * len(self._bits))

    def scanner(self, numbers: dict[str, int], content_cache: ContentCache | None = None) -> Prefilter:
        """Return what marks the patterns that may match a text; their literals are added to `numbers`."""
        folded = {pattern: bit for (pattern, original), bit in self._bits.items() if not original}
        submitted = {pattern: bit for (pattern, original), bit in self._bits.items() if original}
        return Prefilter(folded, submitted, numbers, content_cache)


class KeyedBranch(NamedTuple):
    """A branch to look at when a literal of its rarest group was found: the other groups, as numbers."""

    bit: int
    others: tuple[frozenset[int], ...]


class Prefilter:
    """Marks the patterns that may match a text, by the literals that occur in it. Immutable."""

    def __init__(
        self,
        folded: Mapping[str, int],
        submitted: Mapping[str, int],
        numbers: dict[str, int],
        content_cache: ContentCache | None = None,
    ) -> None:
        """Take the patterns that read the folded and the submitted text, and number their literals."""
        content_cache = content_cache or ContentCache()
        literals = content_cache.value(
            "literals", lambda: {pattern: literals_of(pattern) for pattern in folded}
        )
        signs = content_cache.value(
            "signs", lambda: {pattern: required_characters(pattern) for pattern in submitted}
        )
        alone: dict[int, int] = {}
        keys: dict[int, list[KeyedBranch]] = {}
        always = 0
        for pattern, bit in folded.items():
            known, sure = literals[pattern]
            for word in sure:
                number = numbers.setdefault(word, len(numbers))
                alone[number] = alone.get(number, 0) | certain_bit(bit)
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
                        keys.setdefault(number, []).append(KeyedBranch(bit, others))
                    else:
                        alone[number] = alone.get(number, 0) | bit
        self.sought = tuple(numbers)
        """What is looked for, by number: the words of lexicons, what disguises are written with, and literals."""
        self.always = always
        """Bits of the patterns that nothing has to be seen for."""
        self.may = reduce(or_, (*folded.values(), *submitted.values()), 0)
        """Bits of all patterns, without those that say that a pattern does match."""
        self.alone: Mapping[int, int] = alone
        """By literal that needs no other: the bits of the patterns that it marks."""
        self.keys: Mapping[int, tuple[KeyedBranch, ...]] = {
            number: tuple(found) for number, found in keys.items()
        }
        """By literal of a rarest group: the branches to look at."""
        # Most literals that are seen mark nothing, and a list tells so faster than two mappings.
        self._marks: list[tuple[int, tuple[KeyedBranch, ...]] | None] = [None] * len(numbers)
        for number in {*alone, *keys}:
            self._marks[number] = alone.get(number, 0), self.keys.get(number, ())
        needed = {bit: tuple(map(as_range, signs[pattern])) for pattern, bit in submitted.items()}
        anything = [bit for bit, ranges in needed.items() if ranges == EVERY or not ranges]
        self.always |= reduce(or_, anything, 0)
        self.needed = {bit: ranges for bit, ranges in needed.items() if bit not in anything}
        """By bit of a pattern that reads the submitted text: the characters of which it must hold one."""
        every = {piece for ranges in self.needed.values() for piece in ranges}
        inside = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in sorted(every))
        self._signs = re.compile(f"[{inside}]" if inside else "(?!)")
        self._of_sign = cache(self._bits_of)

    def marks(self, original: str, seen: Set[int], sure: bool = True) -> int:
        """Return the bits of the patterns that may match a text in which these literals were seen.

        With `sure` also those of patterns that do match.
        """
        marks = self.always
        keys: list[KeyedBranch] = []
        for number in seen:
            marked = self._marks[number]
            if marked is not None:
                marks |= marked[0]
                keys += marked[1]
        for bit, others in keys:
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
        return marks if sure else marks & self.may

    def _bits_of(self, sign: str) -> int:
        point = ord(sign)
        return sum(
            bit
            for bit, ranges in self.needed.items()
            if any(first <= point <= last for first, last in ranges)
        )


def certain_bit(bit: int) -> int:
    """Return the bit that says that a pattern does match, given the one that says that it may."""
    return bit << 1
