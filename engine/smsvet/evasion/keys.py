"""What is searched for a word that may be in disguise: how it sounds, forwards and backwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from .pinyin import Pinyin
from .readings import Readings, is_han

BACKWARDS = 3
"""Units that a word read backwards has at least."""


class Target(NamedTuple):
    """A word as it would be read in a text: one that is written backwards is turned round."""

    written: str
    backwards: bool


def parse_targets(line: str) -> tuple[Target, ...]:
    """Return the words of a line that `sought_words` made."""
    return tuple(Target(word[1:], word[0] == "1") for word in line.split("\t"))


def target_keys(words: Sequence[str], views: Readings, sounds: Pinyin, backwards: bool) -> dict[str, str]:
    """Return what is searched, each with a line of the words that it may be.

    Between them are tabs, which are part of no word, and before one that is written backwards stands 1, else 0.
    """
    also = cache(lambda char: sounds.codes(char)[1:])
    found: dict[str, str] = {}

    def add(key: str, line: str) -> None:
        found[key] = f"{found[key]}\t{line}" if key in found else line

    for word in words:
        usual = views.key(word)
        if not searched(word, usual):
            continue
        # As usually read, and with each other reading of one character.
        others = [
            f"{usual[:place]}{other}{usual[place + 1 :]}"
            for place, char in enumerate(word)
            for other in also(char)
        ]
        for key in (usual, *others):
            add(key, f"0{word}")
            if backwards and len(word) >= BACKWARDS:
                add(key[::-1], f"1{word[::-1]}")
    return found


def searched(word: str, key: str) -> bool:
    """Return whether a word is looked for in disguise: two units or more, without separators, some of it no digit.

    `key` is what is searched for it, in which separators are left out.
    """
    if len(word) < 2 or len(key) != len(word):
        return False
    return any(map(is_han, word)) or (len(word) >= 4 and word.isascii() and word.isalpha())
