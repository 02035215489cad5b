"""Which sentences of a text are Chinese: a plain word of another language is not a Chinese one in disguise."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

PINYIN_SHARE = 0.75
"""Least share of the letters of a text without Chinese characters that are pinyin, if it is Chinese."""

LONGEST = 48
"""Most letters in a row that are tried as pinyin."""
_SENTENCE = re.compile(r"[^。!?;\n\r…【】.]+(?:\.(?! |$)[^。!?;\n\r…【】.]*)*")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")
_DIGITS_FOR_LETTERS = str.maketrans("013457", "oieast")


def has_chinese(folded: str, spells: Callable[[str], bool]) -> bool:
    """Return whether a normalised text has a Chinese sentence; `spells` returns whether letters are pinyin."""
    return _HAN.search(folded) is not None or any(
        is_chinese(found[0], spells) for found in _SENTENCE.finditer(folded)
    )


class ForeignSentences:
    """The sentences of a normalised text that are not Chinese."""

    def __init__(self, folded: str, spells: Callable[[str], bool]) -> None:
        """Read the sentences of a text; `spells` returns whether letters are pinyin."""
        places = [found.span() for found in _SENTENCE.finditer(folded) if not is_chinese(found[0], spells)]
        self._starts = [start for start, _ in places]
        self._ends = [end for _, end in places]

    def hold(self, start: int, end: int) -> bool:
        """Return whether [start, end) is inside one of them."""
        place = bisect_right(self._starts, start) - 1
        return place >= 0 and end <= self._ends[place]


def is_chinese(sentence: str, spells: Callable[[str], bool]) -> bool:
    """Return whether a sentence has Chinese characters, or is mostly pinyin."""
    if _HAN.search(sentence):
        return True
    words = [word.translate(_DIGITS_FOR_LETTERS) for word in _WORD.findall(sentence) if not word.isdigit()]
    letters = sum(map(len, words))
    return (
        0
        < PINYIN_SHARE * letters
        <= sum(len(word) for word in words if len(word) <= LONGEST and spells(word))
    )
