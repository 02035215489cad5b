"""Derive from the literals in many texts which patterns may match and which lexicon entries may occur."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import numpy as np

from ..lexicon.combinations import Piece, can_join
from ..lexicon.lexicon import Lexicon
from ..rules.facts import FIRST_PATTERN
from ..rules.prefilter import Prefilter
from .joined import POINTS, JoinedTexts, Mask, Places
from .occurrences import Occurrences, Outcomes, Pairs, RaggedArray

_FIRST = FIRST_PATTERN.bit_length() - 1
MOST_JOINT = 4
"""Entries of several parts in a text whose distances are computed. Ordinary templates have fewer."""
_SETS = 64
"""Number of character sets that fit into one array of 64-bit integers."""


class Conditions:
    """The literals required by patterns and lexicon entries, as arrays. Immutable.

    Patterns are numbered by their bits in `smsvet.rules.prefilter`, counted from the first pattern.
    """

    def __init__(self, prefilter: Prefilter, lexicon: Lexicon) -> None:
        """Take the prefilter with the literals of patterns, and the lexicon with those of entries."""
        self._bits = prefilter.possible.bit_length() + 1 - _FIRST
        self._always = pattern_places(prefilter.always)
        single: dict[int, list[int]] = {
            number: pattern_places(bits) for number, bits in prefilter.single.items()
        }
        together: dict[tuple[int, tuple[frozenset[int], ...]], list[int]] = {}
        for number, keys in prefilter.keys.items():
            for bit, others in keys:
                together.setdefault((bit, others), []).append(number)
        joint: list[tuple[int, Sequence[Collection[int]]]] = [
            (place, (numbers, *others))
            for (bit, others), numbers in together.items()
            for place in pattern_places(bit)
        ]
        # Numbers of entries start after the last pattern.
        for number, parts in enumerate(lexicon.parts, self._bits):
            if len(parts) > 1:
                joint.append((number, parts))
            else:
                for literal in frozenset().union(*parts):
                    single.setdefault(literal, []).append(number)
        self._lexicon, self._literals = lexicon, prefilter.literals
        self._words = lru_cache(maxsize=1024)(self._words_of)
        self._parts = np.fromiter(map(len, lexicon.parts), np.int64, len(lexicon.parts))
        self._outcomes = Outcomes(single, joint, len(prefilter.literals))
        names = sorted(lexicon.categories)
        self.categories = {name: column for column, name in enumerate(names)}
        self._category = np.array([self.categories[entry.category] for entry in lexicon.entries], np.int64)
        self._strong = np.array([entry.strength == "strong" for entry in lexicon.entries], np.bool_)
        # Words with an ASCII edge are left out: whether they are whole words is unknown here. So are those of
        # combinations, which exclude in their own segment only.
        self._excludes = RaggedArray.of(
            [
                [
                    literal
                    for literal in literals
                    if len(parts) == 1 and not has_ascii_edge(prefilter.literals[literal])
                ]
                for literals, parts in zip(lexicon.excludes, lexicon.parts, strict=True)
            ]
        )
        self._signs = [
            (place, ranges) for bit, ranges in prefilter.required.items() for place in pattern_places(bit)
        ]
        self._sets = [np.zeros(POINTS, np.uint64) for _ in range(0, len(self._signs), _SETS)]
        for number, (_, ranges) in enumerate(self._signs):
            for first, last in ranges:
                self._sets[number // _SETS][first : last + 1] |= np.uint64(1 << number % _SETS)

    def of(
        self, found: Occurrences, joined: JoinedTexts, bodies: Sequence[str]
    ) -> tuple[Mask, Places, Places]:
        """Return patterns by number and text, then the possible strong and weak entries by text and category.

        `bodies` are the normalised texts. Entries are given as counts.
        """
        count = len(joined)
        outcome, text = self._outcomes.of(found)
        patterns = np.zeros((self._bits, count), np.bool_)
        patterns[self._always] = True
        pattern = outcome < self._bits
        patterns[outcome[pattern], text[pattern]] = True
        signs = [joined.gathered(inside.take(joined.points)) for inside in self._sets]
        for number, (place, _) in enumerate(self._signs):
            patterns[place] = (signs[number // _SETS] >> np.uint64(number % _SETS)) & np.uint64(1)
        entry = ~pattern
        return patterns, *self._counted(
            self._remaining(found, (outcome[entry] - self._bits, text[entry]), bodies), count
        )

    def _remaining(self, found: Occurrences, pairs: Pairs, bodies: Sequence[str]) -> Pairs:
        """Return unique pairs of entry and text, without entries that are excluded or have distant parts.

        Distances are not computed in a text with all parts of more than MOST_JOINT entries.
        """
        count = len(self._category)
        once = np.sort(pairs[1] * count + pairs[0])
        once = once[np.flatnonzero(np.diff(once, prepend=-1))]
        texts, entries = np.divmod(once, count)
        literals, size = self._excludes.pick(entries)
        owners = np.repeat(np.arange(len(entries)), size)
        left = np.ones(len(entries), np.bool_)
        left[owners[found.is_in(literals, texts.take(owners))]] = False
        joint = np.flatnonzero(left & (self._parts.take(entries) > 1))
        crowded = np.bincount(texts.take(joint)) > MOST_JOINT
        for place in joint[~crowded.take(texts.take(joint))].tolist():
            left[place] = self._is_near(found, int(entries[place]), int(texts[place]), bodies)
        return entries[left], texts[left]

    def _is_near(self, found: Occurrences, entry: int, text: int, bodies: Sequence[str]) -> bool:
        """Return whether the parts of an entry are near each other in a body that contains all of them."""
        words = self._words(entry)
        there = words[found.is_in(words, text)].tolist()
        places = {word: list(pieces(self._literals[word], bodies[text])) for word in there}
        parts = self._lexicon.parts[entry]
        return can_join([[piece for word in part for piece in places.get(word, ())] for part in parts])

    def _words_of(self, entry: int) -> Places:
        """Return the literals of all parts of an entry."""
        return np.array(sorted(frozenset().union(*self._lexicon.parts[entry])), np.int64)

    def _counted(self, pairs: Pairs, count: int) -> tuple[Places, Places]:
        """Return the numbers of strong and of weak entries, by text and category."""
        entries, texts = pairs
        width = len(self.categories)
        cell = texts * width + self._category.take(entries)
        strong = self._strong.take(entries)
        return (
            np.bincount(cell[strong], minlength=count * width).reshape(count, width),
            np.bincount(cell[~strong], minlength=count * width).reshape(count, width),
        )


def pattern_places(bits: int) -> list[int]:
    """Return the numbers of the patterns in a set of bits."""
    patterns = bits >> _FIRST
    return [place for place in range(patterns.bit_length()) if patterns >> place & 1]


def has_ascii_edge(word: str) -> bool:
    """Return whether a word has an ASCII letter or digit at an edge, which may continue outside it."""
    return any(char.isascii() and char.isalnum() for char in (word[0], word[-1]))


def pieces(word: str, text: str) -> Iterator[Piece]:
    """Yield the places of a word in a text."""
    start = text.find(word)
    while start >= 0:
        yield Piece(start, start + len(word))
        start = text.find(word, start + 1)
