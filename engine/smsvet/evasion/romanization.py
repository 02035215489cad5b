"""Recognise pinyin: whole syllables, with digits for some letters, or with signs between the letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from .pinyin import Pinyin, spelled

_LEET = str.maketrans("013457@$", "oieastas")
_LEET_TOKEN = re.compile(
    r"(?<![a-z0-9@$./])(?=[a-z0-9@$]*[a-z])(?=[a-z0-9@$]*[0-9@$])[a-z0-9@$]{4,48}(?![a-z0-9@$/])"
)
_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z][ .*_~|·-]{1,3}){3,24}[a-z](?![a-z0-9])")
_BROKEN = re.compile(
    r"(?<![a-z0-9@/])[a-z]{1,24}(?:(?:\x1f|[^a-z0-9\u4e00-\u9fff\s,:/@&'。!?;…]){1,3}[a-z]{1,24}){1,6}(?![a-z0-9@/])"
)
_LETTERS = re.compile(r"(?<![a-z0-9@/])(?<![a-z0-9][._-])[a-z]{2,48}(?![a-z0-9@/]|[._-][a-z0-9])")


class Unit(NamedTuple):
    """A place in the normalised text, its reading, and the step that leads to it."""

    start: int
    end: int
    reading: str
    step: str = ""


class Romanizer:
    """Recognises pinyin in the letters of a text. Immutable apart from a cache."""

    def __init__(self, sounds: Pinyin, off: Collection[str]) -> None:
        """Take the known syllables and the steps to leave out."""
        self._sounds = sounds
        self._off = off
        self.spelled = lru_cache(maxsize=4096)(self._syllables)

    def units(self, folded: str) -> Iterator[Unit]:
        """Return the syllables that letters spell, also with digits or signs among them."""
        if "pinyin" not in self._off:
            for match in _LETTERS.finditer(folded):
                yield from self._syllable_units(match.start(), match[0], "pinyin")
        if "leetspeak" not in self._off:
            for match in _LEET_TOKEN.finditer(folded):
                mended = match[0].translate(_LEET)
                if mended.isalpha():
                    spelt = tuple(self._syllable_units(match.start(), mended, "leetspeak"))
                    yield from spelt or (
                        Unit(match.start() + place, match.start() + place + 1, char, "leetspeak")
                        for place, char in enumerate(mended)
                    )
        if "separator" not in self._off:
            for pattern in (_SPACED, _BROKEN):
                for match in pattern.finditer(folded):
                    yield from self._apart(folded, *match.span())

    def _apart(self, folded: str, start: int, end: int) -> Iterator[Unit]:
        """Yield the syllables that the letters of [start, end) spell when other characters are ignored."""
        places = [place for place in range(start, end) if "a" <= folded[place] <= "z"]
        at = 0
        for syllable in self.spelled("".join([folded[place] for place in places])):
            last = at + len(syllable) - 1
            yield Unit(places[at], places[last] + 1, self._sounds.syllables[syllable], "pinyin")
            at = last + 1

    def _syllable_units(self, start: int, letters: str, step: str) -> Iterator[Unit]:
        for syllable in self.spelled(letters):
            yield Unit(start, start + len(syllable), self._sounds.syllables[syllable], step)
            start += len(syllable)

    def _syllables(self, letters: str) -> tuple[str, ...]:
        return spelled(letters, self._sounds.syllables)
