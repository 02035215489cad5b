"""Entries as numbers: which patterns make their parts, and which pattern is worth looking at an entry for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from .entries import Entry, SafePhrase
from .fold import Folder
from .source import ContentError

Numbered = int | tuple[list[list[int]], list[int]]
"""An entry with patterns for words: the patterns of each part, and what excludes it; most are one pattern alone."""


def numbered(
    entries: Sequence[Entry], safe: Sequence[SafePhrase], folder: Folder, patterns: list[str]
) -> tuple[list[Numbered], list[tuple[int, str]]]:
    """Return entries and safe phrases with places in `patterns`, where their folded words are added, for words.

    Raises ContentError for a word of which folding leaves nothing.
    """
    places: dict[str, int] = {}

    @cache
    def index(word: str) -> int:
        folded = folder.fold(word)[0]
        if not folded:
            raise ContentError(f"term: {word!a} is nothing but characters that nobody sees")
        return places.setdefault(folded, len(places))

    parts = [[list(map(index, words)) for words in entry.parts] for entry in entries]
    excludes = [list(map(index, entry.excludes)) for entry in entries]
    exempts = [(index(phrase.phrase), phrase.category) for phrase in safe]
    patterns += places
    found: list[Numbered] = [
        part[0][0] if len(part) == len(part[0]) == 1 and not excluded else (part, excluded)
        for part, excluded in zip(parts, excludes, strict=True)
    ]
    return found, exempts


def unpacked(
    entries: Iterable[Numbered],
) -> tuple[tuple[tuple[frozenset[int], ...], ...], tuple[frozenset[int], ...]]:
    """Return the parts of each entry, and what excludes it."""
    nothing = frozenset[int]()
    parts: list[tuple[frozenset[int], ...]] = []
    excludes: list[frozenset[int]] = []
    for entry in entries:
        if isinstance(entry, int):
            parts.append((frozenset((entry,)),))
            excludes.append(nothing)
        else:
            parts.append(tuple(map(frozenset, entry[0])))
            excludes.append(frozenset(entry[1]))
    return tuple(parts), tuple(excludes)


def triggers(
    parts: Sequence[Sequence[frozenset[int]]], patterns: Sequence[str]
) -> Mapping[int, Sequence[int]]:
    """Return, by pattern, the entries to look at when it is found: those whose rarest part it is in.

    How rare a word is we judge by its length and by how many entries use it.
    """
    uses: Counter[int] = Counter(index for entry in parts for part in entry for index in part)
    found: dict[int, list[int]] = {}
    for number, entry in enumerate(parts):
        rarest = (
            entry[0]
            if len(entry) == 1
            else min(entry, key=lambda part: sum(uses[index] / len(patterns[index]) ** 2 for index in part))
        )
        for index in rarest:
            found.setdefault(index, []).append(number)
    return found
