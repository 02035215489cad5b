"""Counts the words of a text in any script."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

CHINESE_WORD, DENSE_WORD = 2, 4
"""Letters of an average word in Chinese, and in the other scripts that put no blanks between words."""

_DENSE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF))
"""Thai and Lao, Burmese, Khmer, kana."""
_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
CACHED = 1 << 14
"""Maximum number of code points whose kinds are cached."""
_JOINERS = "\u200c\u200d'’"
"""Characters inside a word besides letters and marks: joiners of Indic and Arabic scripts, and the apostrophe."""


def count_words(text: str) -> int:
    """Return the number of words in scripts other than Chinese. Letters are Unicode general category L.

    A word has at least two letters and no digit beside it; combining marks belong to the letter before them.
    In scripts without blanks between words, every DENSE_WORD letters count as a word.
    """
    total = 0
    for run, times in Counter(text.translate(_KINDS).split()).items():
        dense = run.count("d")
        if dense + run.count("l") > 1 and "n" not in run:
            total += times * max(1, -(-dense // DENSE_WORD))
    return total


class _Kinds(dict[int, str]):
    """The kind of a code point: `l` letter, `d` letter of a dense script, `n` digit, `m` mark, blank between words."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        category = unicodedata.category(char)
        kind = " "
        if category[0] == "L" and not _within(char, _HAN):
            kind = "d" if _within(char, _DENSE) else "l"
        elif category == "Nd":
            kind = "n"
        elif category[0] == "M" or char in _JOINERS:
            kind = "m"
        if len(self) < CACHED:
            self[point] = kind
        return kind


_KINDS = _Kinds()


def count_chinese_letters(text: str) -> int:
    """Return the number of Chinese characters of a text."""
    return sum(_within(char, _HAN) for char in text)


@lru_cache(maxsize=4096)
def _within(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(char) <= last for first, last in ranges)
