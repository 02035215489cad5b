"""Pronunciation of characters: toneless syllables, similar syllables, and pinyin written in letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..files.content_files import read_rows

EXACT = 0xE000
"""Private-use code point of the first syllable. In a reading, syllables are represented by these."""
ALIKE = 0xE800
"""Private-use code point of the first class of similar syllables. Search keys consist of these."""
LONGEST = 6
"""Length of the longest syllable in letters."""

_INITIAL = re.compile(r"\A([zcs])h")
_FINAL = re.compile(r"([aei]n)g\Z")


@dataclass(frozen=True, slots=True)
class Pinyin:
    """The toneless pinyin of every character.

    Syllables that differ only in `z`/`zh`, `c`/`ch`, `s`/`sh`, `an`/`ang`, `en`/`eng` or `in`/`ing` are alike.
    """

    syllables: Mapping[str, str]
    """Syllable -> its code point in a reading."""
    exact: Mapping[str, tuple[str, ...]]
    """Character or syllable code point -> its syllables' code points, the usual one first."""
    alike: Mapping[str, str]
    """Syllable code point -> the code point of its class."""

    @classmethod
    def load(cls, path: Path, name: str) -> Pinyin:
        """Return the table with the columns syllable, characters, also; raises ContentError.

        `characters` are those usually pronounced that way, `also` those with it as an alternative
        pronunciation.
        """
        syllables: dict[str, str] = {}
        exact: dict[str, tuple[str, ...]] = {}
        rows = read_rows(path, name, ("syllable", "characters", "also"), 2)
        for _, (syllable, usual, _) in rows:
            code = syllables[syllable] = chr(EXACT + len(syllables))
            exact[code] = (code,)
            exact.update(dict.fromkeys(usual, (code,)))
        for _, (syllable, _, also) in rows:
            for char in also:
                exact[char] = (*exact.get(char, ()), syllables[syllable])
        classes: dict[str, str] = {}
        alike = {
            code: classes.setdefault(plain(syllable), chr(ALIKE + len(classes)))
            for syllable, code in syllables.items()
        }
        return cls(syllables, exact, alike)

    def code(self, char: str) -> str:
        """Return the search key of a character: the class of its usual syllable, else the character itself."""
        known = self.exact.get(char)
        return self.alike[known[0]] if known else char

    def codes(self, char: str) -> tuple[str, ...]:
        """Return the search key of each pronunciation of a character."""
        known = self.exact.get(char)
        return tuple(dict.fromkeys(self.alike[code] for code in known)) if known else (char,)

    def same(self, one: str, other: str) -> bool:
        """Return whether two characters or syllable code points can have exactly the same pronunciation."""
        return not set(self.exact.get(one, ())).isdisjoint(self.exact.get(other, ()))


def plain(syllable: str) -> str:
    """Return the representative of a syllable's class of similar syllables."""
    return _FINAL.sub(r"\1", _INITIAL.sub(r"\1", syllable))


def spelled(letters: str, syllables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the syllables that spell all the letters, longest first; empty if there are none."""
    best: list[tuple[str, ...] | None] = [*[None] * len(letters), ()]
    for start in range(len(letters) - 1, -1, -1):
        for end in range(min(start + LONGEST, len(letters)), start, -1):
            following = best[end]
            if following is not None and letters[start:end] in syllables:
                best[start] = (letters[start:end], *following)
                break
    return best[0] or ()
