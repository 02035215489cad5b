"""Sentence ends, letters and digits that only part the characters of a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

BARRIERS = frozenset("。!?;\n\r…")
"""Sentence ends. No word spans them."""

_PARTING = "|"
_ENDS = "".join(sorted(BARRIERS))
# The lookbehinds follow the first character, because a search for a leading character class is faster.
_LONE = re.compile(rf"[{_ENDS}](?<![{_ENDS}]{{2}})[{_ENDS}]*(?:[^\W_][{_ENDS}]+)+")
_ANY_END = re.compile(rf"[{_ENDS}]")
_INSERTED = re.compile(r"[a-z0-9](?<=([\u4e00-\u9fff]).)(?=([\u4e00-\u9fff]))")


def without_lone_ends(folded: str) -> str:
    """Return a text where the sentence ends around a single character are replaced by separators.

    No sentence consists of one character, so 百。家。乐 is one word in pieces.
    """
    if _LONE.search(folded) is None:
        return folded
    return _LONE.sub(lambda found: _ANY_END.sub(_PARTING, found[0]), folded)


def without_inserted(folded: str, pairs: Set[str]) -> str:
    """Return a text where a single letter or digit between the characters of one of `pairs` becomes a separator."""
    # Most texts have none, or only digits of dates and amounts. A search takes half as long as a substitution.
    if pairs.isdisjoint(map("".join, _INSERTED.findall(folded))):
        return folded
    return _INSERTED.sub(lambda found: _PARTING if found[1] + found[2] in pairs else found[0], folded)


def neighbours(words: Iterable[str]) -> list[str]:
    """Return the pairs of neighbouring Chinese characters in words of three or more characters, sorted."""
    return sorted(
        {
            word[at : at + 2]
            for word in words
            if len(word) > 2
            for at in range(len(word) - 1)
            if is_han(word[at]) and is_han(word[at + 1])
        }
    )


def is_han(char: str) -> bool:
    """Return whether a character is a Chinese one."""
    return "\u4e00" <= char <= "\u9fff"


def cuts_letters(text: str, start: int, end: int) -> bool:
    """Return whether a Latin word continues past either end of [start, end)."""
    return (start > 0 and runs_on(text[start - 1], text[start])) or (
        end < len(text) and runs_on(text[end - 1], text[end])
    )


def runs_on(left: str, right: str) -> bool:
    """Return whether two neighbouring characters are both ASCII letters."""
    return left.isascii() and right.isascii() and left.isalpha() and right.isalpha()


def continues(inside: str, outside: str) -> bool:
    """Return whether the letters at an edge of a match continue outside it."""
    return inside.isascii() and outside.isascii() and outside.isalnum()
