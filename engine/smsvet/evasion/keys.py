"""Search keys of words that may be disguised: their pronunciation, forwards and backwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from .partings import is_han
from .pinyin import Pinyin
from .readings import Readings

BACKWARDS = 3
"""Minimum length in units of a word that is also searched backwards."""


class Target(NamedTuple):
    """A word as it would be spelled in a text: reversed if `backwards`."""

    written: str
    backwards: bool


def parse_targets(line: str) -> tuple[Target, ...]:
    """Return the targets of a line built by `target_keys`."""
    return tuple(Target(word[1:], word[0] == "1") for word in line.split("\t"))


def target_keys(words: Sequence[str], views: Readings, sounds: Pinyin, backwards: bool) -> dict[str, str]:
    """Return the search keys, each with a line of its targets for `parse_targets`.

    Targets are separated by tabs, which no word contains. The first character of a target is 1 if it is
    spelled backwards and 0 otherwise.
    """
    also = cache(lambda char: sounds.codes(char)[1:])
    found: dict[str, str] = {}

    def add(key: str, line: str) -> None:
        found[key] = f"{found[key]}\t{line}" if key in found else line

    for word in words:
        usual = views.key(word)
        if not searched(word, usual):
            continue
        # The usual pronunciation, then each alternative pronunciation of one character.
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
    """Return whether a word is searched in disguise: two units or more, no separators, not only digits.

    `key` is the word's search key, where separators are left out.
    """
    if len(word) < 2 or len(key) != len(word):
        return False
    return any(map(is_han, word)) or (len(word) >= 4 and word.isascii() and word.isalpha())
