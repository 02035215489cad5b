"""What is searched for a word that may be in disguise: how it sounds, forwards and backwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def sought_lines(words: Sequence[str], views: Views, sounds: Sounds, backwards: bool) -> Iterator[str]:
    """Yield key, word as it is written and whether that is backwards, between them tabs, which are part of neither."""
    codes = cache(sounds.codes)
    for word in words:
        if searched(word, views):
            for key in keys_of([codes(char) for char in word]):
                yield f"{key}\t{word}\t0"
                if backwards and len(word) >= BACKWARDS:
                    yield f"{key[::-1]}\t{word[::-1]}\t1"


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
