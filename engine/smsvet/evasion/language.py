"""Which sentences of a text are Chinese: a plain word of another language is not a Chinese one in disguise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

PINYIN_SHARE = 0.75
"""Least share of the letters of a text without Chinese characters that are pinyin, if it is Chinese."""

_SENTENCE = re.compile(r"[^。!?;\n\r…【】.]+(?:\.(?! |$)[^。!?;\n\r…【】.]*)*")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")
_DIGITS_FOR_LETTERS = str.maketrans("013457", "oieast")


def foreign_sentences(folded: str, spells: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Yield the [start, end) of each sentence that is not Chinese. `spells` returns whether letters are pinyin."""
    for found in _SENTENCE.finditer(folded):
        if not is_chinese(found[0], spells):
            yield found.span()


def is_chinese(sentence: str, spells: Callable[[str], bool]) -> bool:
    """Return whether a sentence has Chinese characters, or is mostly pinyin."""
    if _HAN.search(sentence):
        return True
    words = [word.translate(_DIGITS_FOR_LETTERS) for word in _WORD.findall(sentence) if not word.isdigit()]
    letters = sum(map(len, words))
    return 0 < PINYIN_SHARE * letters <= sum(len(word) for word in words if spells(word))
