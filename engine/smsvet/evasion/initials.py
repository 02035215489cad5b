"""Find words part of which, or all, is written as the initials of its pinyin: 无抵押dk for 无抵押贷款."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import NamedTuple

from .pinyin import Pinyin
from .readings import is_han

SHORTEST = 3
"""Characters of a word that is looked for so: shorter ones have the initials of too much else."""
SURE = 5
"""Letters of a word in initials alone from which on it is hardly met by chance."""

_LETTER = re.compile("[a-z]")
# Words of other languages have vowels, initials seldom do.
_RUN = re.compile(r"(?<![a-z0-9@/])(?<![a-z0-9][._-])[bcdfghjklmnpqrstwxyz]{2,8}(?![a-z0-9@/]|[._-][a-z0-9])")


class InitialsMatch(NamedTuple):
    """A word found: where it stands in the folded text, and how many of its characters are letters."""

    word: str
    start: int
    end: int
    letters: int

    @property
    def doubted(self) -> bool:
        """Return whether it may be chance: few letters, and nothing beside them."""
        return self.letters == len(self.word) < SURE


class Initials:
    """Finds words by their initials. Immutable, apart from what is made for the first text that needs it."""

    def __init__(self, words: Collection[str], known: Collection[str], sounds: Pinyin) -> None:
        """Take the words to look for, and the letters that mean something else.

        Words that are short or not all Chinese are left out.
        """
        self._words = words
        self._known = known
        self._sounds = sounds

    @cached_property
    def _columns(self) -> tuple[str, str]:
        """Return the words one after the other, and under each character its initial."""
        letters = {code: syllable[0] for syllable, code in self._sounds.syllables.items()}
        words = [word for word in sorted(self._words) if len(word) >= SHORTEST and all(map(is_han, word))]
        joined = "\n".join(["", *words, ""])
        known = self._sounds.exact
        return joined, "".join([letters[known[char][0]] if char in known else char for char in joined])

    def find(self, folded: str) -> Iterator[InitialsMatch]:
        """Yield the words that letters of a folded text are the initials in, where the rest is as it is written."""
        # Most texts have no letters, and a search that looks behind at every place costs more than one that does not.
        for match in _RUN.finditer(folded) if _LETTER.search(folded) else ():
            start, end = match.span()
            beside = is_han(folded[start - 1 : start] or " ") or is_han(folded[end : end + 1] or " ")
            if match[0] not in self._known and (beside or end - start > SHORTEST):
                yield from self._around(folded, start, end)

    def _around(self, folded: str, start: int, end: int) -> Iterator[InitialsMatch]:
        """Yield the words that have the letters of [start, end) as initials and fit what is written round them."""
        words, initials = self._columns
        size = end - start
        at = initials.find(folded[start:end])
        while at >= 0:
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
            at = initials.find(folded[start:end], at + 1)
