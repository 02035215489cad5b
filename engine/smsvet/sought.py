"""What is searched for a word that may be in disguise: how it sounds, forwards and backwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from .sound import Sounds
from .views import Views, han

BACKWARDS = 3
"""Units that a word read backwards has at least."""


class Sought(NamedTuple):
    """A word as it would be read in a text: one that is written backwards is turned round."""

    written: str
    backwards: bool


def meanings(line: str) -> tuple[Sought, ...]:
    """Return the words of a line that `sought_words` made."""
    return tuple(Sought(word[1:], word[0] == "1") for word in line.split("\t"))


def sought_words(words: Sequence[str], views: Views, sounds: Sounds, backwards: bool) -> dict[str, str]:
    """Return what is searched, each with a line of the words that it may be.

    Between them are tabs, which are part of no word, and before one that is written backwards stands 1, else 0.
    """
    codes = cache(sounds.codes)
    found: dict[str, dict[str, None]] = {}
    for word in words:
        if searched(word, views):
            for key in keys_of([codes(char) for char in word]):
                found.setdefault(key, {})[f"0{word}"] = None
                if backwards and len(word) >= BACKWARDS:
                    found.setdefault(key[::-1], {})[f"1{word[::-1]}"] = None
    return {key: "\t".join(lines) for key, lines in found.items()}


def keys_of(codes: Sequence[Sequence[str]]) -> list[str]:
    """Return what is searched for a word: as usually read, and with each other reading of one character."""
    usual = [code[0] for code in codes]
    others = [
        "".join([*usual[:place], other, *usual[place + 1 :]])
        for place, code in enumerate(codes)
        for other in code[1:]
    ]
    return ["".join(usual), *others]


def searched(word: str, views: Views) -> bool:
    """Return whether a word is looked for in disguise: two units or more, without separators, some of it no digit."""
    if len(word) < 2 or len(views.key(word)) != len(word):
        return False
    return sum(map(han, word)) >= 1 or (len(word) >= 4 and word.isascii() and word.isalpha())
