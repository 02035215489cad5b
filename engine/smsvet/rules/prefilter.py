"""Select the patterns that may match a text, by the literals that occur in it."""

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
    """Assigns a bit to the patterns of all rules. Filled while rules are compiled."""

    def __init__(self) -> None:
        self._bits: dict[tuple[str, bool], int] = {}

    def bit(self, pattern: str, original: bool = False) -> int:
        """Return the bit of a pattern that runs on the normalised text, or on the submitted one if `original`.

        The next higher bit means that the pattern certainly matches; see `certain_bit`.
        """
        return self._bits.setdefault((pattern, original), FIRST_PATTERN << 2 * len(self._bits))

    def prefilter(self, numbers: dict[str, int], content_cache: ContentCache | None = None) -> Prefilter:
        """Return the prefilter of all patterns; their literals are added to `numbers`."""
        folded = {pattern: bit for (pattern, original), bit in self._bits.items() if not original}
        submitted = {pattern: bit for (pattern, original), bit in self._bits.items() if original}
        return Prefilter(folded, submitted, numbers, content_cache)


class KeyedBranch(NamedTuple):
    """A branch to evaluate when a literal of its rarest group was found; `others` are its other groups."""

    bit: int
    others: tuple[frozenset[int], ...]


class Prefilter:
    """Selects the patterns that may match a text, by the literals that occur in it. Immutable."""

    def __init__(
        self,
        folded: Mapping[str, int],
        submitted: Mapping[str, int],
        numbers: dict[str, int],
        content_cache: ContentCache | None = None,
    ) -> None:
        """Take the patterns for the normalised and the submitted text, and add their literals to `numbers`."""
        content_cache = content_cache or ContentCache()
        literals = content_cache.value(
            "literals", lambda: {pattern: literals_of(pattern) for pattern in folded}
        )
        characters = content_cache.value(
            "signs", lambda: {pattern: required_characters(pattern) for pattern in submitted}
        )
        single: dict[int, int] = {}
        keys: dict[int, list[KeyedBranch]] = {}
        always = 0
        for pattern, bit in folded.items():
            known, sure = literals[pattern]
            for word in sure:
                number = numbers.setdefault(word, len(numbers))
                single[number] = single.get(number, 0) | certain_bit(bit)
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
                        single[number] = single.get(number, 0) | bit
        self.literals = tuple(numbers)
        """Every searched string, by number: lexicon words, spellings of disguises, literals of patterns."""
        self.always = always
        """Bits of the patterns without a condition."""
        self.possible = reduce(or_, (*folded.values(), *submitted.values()), 0)
        """Bits of all patterns, without the bits for certain matches."""
        self.single: Mapping[int, int] = single
        """By literal that is sufficient by itself: the bits of its patterns."""
        self.keys: Mapping[int, tuple[KeyedBranch, ...]] = {
            number: tuple(found) for number, found in keys.items()
        }
        """By literal of a rarest group: the branches to evaluate."""
        self._selects = [
            (single.get(number, 0), self.keys.get(number, ())) if number in single or number in keys else None
            for number in range(len(numbers))
        ]
        required = {bit: tuple(map(as_range, characters[pattern])) for pattern, bit in submitted.items()}
        anything = [bit for bit, ranges in required.items() if ranges == EVERY or not ranges]
        self.always |= reduce(or_, anything, 0)
        self.required = {bit: ranges for bit, ranges in required.items() if bit not in anything}
        """By bit of a pattern for the submitted text: ranges of characters, one of which must occur."""
        every = {piece for ranges in self.required.values() for piece in ranges}
        inside = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in sorted(every))
        self._characters = re.compile(f"[{inside}]" if inside else "(?!)")
        self._bits_of_character = cache(self._bits_of)

    def pattern_bits(self, original: str, found: Set[int], sure: bool = True) -> int:
        """Return the bits of the patterns that may match a text; `found` holds the literals in it.

        If `sure`, the bits for certain matches are included.
        """
        bits, selects = self.always, self._selects
        branches: list[KeyedBranch] = []
        for number in found:
            # Most literals have no pattern.
            if (selected := selects[number]) is not None:
                bits |= selected[0]
                if selected[1]:
                    branches += selected[1]
        for bit, others in branches:
            if bits & bit:
                continue
            for group in others:
                if group.isdisjoint(found):
                    break
            else:
                bits |= bit
        if self._characters.search(original) is not None:
            for character in filter(self._characters.match, set(original)):
                bits |= self._bits_of_character(character)
        return bits if sure else bits & self.possible

    def _bits_of(self, character: str) -> int:
        point = ord(character)
        return sum(
            bit
            for bit, ranges in self.required.items()
            if any(first <= point <= last for first, last in ranges)
        )


def certain_bit(bit: int) -> int:
    """Return the bit for a certain match, given the bit for a possible one."""
    return bit << 1
