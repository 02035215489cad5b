"""Find words where some or all characters are replaced by pinyin initials: 无抵押dk for 无抵押贷款."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from .partings import is_han
from .pinyin import Pinyin

SHORTEST = 3
"""Minimum length of a word in characters. The initials of shorter words match too much other text."""
SURE = 5
"""Number of letters from which a word written only in initials is unlikely to be a coincidence."""

_LETTER = re.compile("[a-z]")
# Words of other languages have vowels; initials rarely do.
_RUN = re.compile(r"(?<![a-z0-9@/])(?<![a-z0-9][._-])[bcdfghjklmnpqrstwxyz]{2,8}(?![a-z0-9@/]|[._-][a-z0-9])")


class InitialsMatch(NamedTuple):
    """A word, its start and end in the normalised text, and how many of its characters are letters."""

    word: str
    start: int
    end: int
    letters: int

    @property
    def doubted(self) -> bool:
        """Return whether it may be a coincidence: it consists only of letters and has few of them."""
        return self.letters == len(self.word) < SURE


class Initials:
    """Finds words by their initials. Immutable apart from tables that are built on first use."""

    def __init__(self, words: Collection[str], known: Collection[str], sounds: Pinyin) -> None:
        """Take the words to find, and the letter sequences with another meaning.

        Words that are too short or contain other than Chinese characters are left out.
        """
        self._words = words
        self._known = known
        self._sounds = sounds
        self._longest = max(map(len, words), default=0)
        self._places = cache(self._places_of)

    @cached_property
    def _columns(self) -> tuple[str, str]:
        """Return the words joined into one string, and the same string in initials."""
        letters = {code: syllable[0] for syllable, code in self._sounds.syllables.items()}
        words = [word for word in sorted(self._words) if len(word) >= SHORTEST and all(map(is_han, word))]
        joined = "\n".join(["", *words, ""])
        known = self._sounds.exact
        return joined, "".join([letters[known[char][0]] if char in known else char for char in joined])

    def _places_of(self, pair: str) -> tuple[int, ...]:
        """Return the places of two neighbouring initials in the words."""
        _, initials = self._columns
        return tuple(found.start() for found in re.finditer(pair, initials))

    def find(self, folded: str) -> Iterator[InitialsMatch]:
        """Yield the words that fit a normalised text if its letters are read as initials."""
        around: dict[tuple[str, str, str], list[InitialsMatch]] = {}
        # Most texts have no letters, and a pattern with a lookbehind is slower than a plain search.
        for match in _RUN.finditer(folded) if _LETTER.search(folded) else ():
            start, end = match.span()
            beside = is_han(folded[start - 1 : start] or " ") or is_han(folded[end : end + 1] or " ")
            if match[0] not in self._known and (beside or end - start > SHORTEST):
                before = folded[max(start - self._longest, 0) : start]
                after = folded[end : end + self._longest]
                window = before, match[0], after
                if window not in around:
                    around[window] = list(self._around(*window))
                for found in around[window]:
                    first = start - len(before)
                    yield found._replace(start=found.start + first, end=found.end + first)

    def _around(self, left_of: str, letters: str, right_of: str) -> Iterator[InitialsMatch]:
        """Yield the words that fit letters and the text on both sides if the letters are read as initials.

        Places are code points from the start of `left_of`.
        """
        words, initials = self._columns
        folded = left_of + letters + right_of
        start, size = len(left_of), len(letters)
        end = start + size
        for at in self._places(letters[:2]):
            if not initials.startswith(letters, at):
                continue
            first, last = words.rindex("\n", 0, at) + 1, words.index("\n", at)
            before, after = at - first, last - at - size
            left, right = start - before, end + after
            if (
                after >= 0
                and left >= 0
                and (last - first > size or size > SHORTEST)
                and folded[left:start] == words[first:at]
                and folded[end:right] == words[at + size : last]
            ):
                yield InitialsMatch(words[first:last], left, right, size)
