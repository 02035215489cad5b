"""Entries as numbers: which patterns make their parts, and which pattern is worth looking at an entry for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count, repeat
from operator import itemgetter

from ..files.content_files import ContentError
from ..text.fold import Folder
from .entries import Entry, SafePhrase

Parts = tuple[frozenset[int], ...]
"""Of each part of an entry the patterns that make it."""

Numbered = tuple[list[int], list[tuple[int, list[list[int]], list[int]]], dict[str, list[int]]]
"""The pattern of each entry that is one alone, -1 of others; of those the number, the patterns of each part and
those that exclude it; and the patterns of safe phrases by their categories."""

Condition = tuple[int, Parts]
"""An entry to look at when a pattern is found, and the other parts that it needs."""


def numbered(
    entries: Sequence[Entry], safe: Sequence[SafePhrase], folder: Folder, patterns: list[str]
) -> Numbered:
    """Return entries and safe phrases with places in `patterns`, where their folded words are added, for words.

    Raises ContentError for a word of which folding leaves nothing.
    """
    places: dict[str, int] = {}

    @cache
    def index(word: str) -> int:
        folded = folder.plain(word)
        if not folded:
            raise ContentError(f"term: {word!a} is nothing but characters that nobody sees")
        return places.setdefault(folded, len(places))

    parts = [[list(map(index, words)) for words in entry.parts] for entry in entries]
    excludes = [list(map(index, entry.excludes)) for entry in entries]
    exempts: dict[str, list[int]] = {}
    for phrase in safe:
        exempts.setdefault(phrase.category, []).append(index(phrase.phrase))
    patterns += places
    alone: list[int] = []
    joint: list[tuple[int, list[list[int]], list[int]]] = []
    for number, (part, excluded) in enumerate(zip(parts, excludes, strict=True)):
        if len(part) == len(part[0]) == 1 and not excluded:
            alone.append(part[0][0])
        else:
            alone.append(-1)
            joint.append((number, part, excluded))
    return alone, joint, exempts


# Most entries are one pattern alone: those are made all at once, which is many times as fast as one by one.


def unpacked(entries: Numbered) -> tuple[tuple[Parts, ...], tuple[frozenset[int], ...]]:
    """Return the parts of each entry, and what excludes it."""
    alone, joint, _ = entries
    parts: list[Parts] = list(zip(map(frozenset, zip(alone, strict=True)), strict=True))
    excludes: list[frozenset[int]] = [frozenset()] * len(parts)
    for number, patterns, excluded in joint:
        parts[number] = tuple(map(frozenset, patterns))
        excludes[number] = frozenset(excluded)
    return tuple(parts), tuple(excludes)


def words_of(
    entries: Numbered, parts: Sequence[Parts], excludes: Sequence[frozenset[int]]
) -> tuple[frozenset[int], ...]:
    """Return all the patterns of each entry, those that exclude it included."""
    words: list[frozenset[int]] = list(map(itemgetter(0), parts))
    for number, *_ in entries[1]:
        words[number] = excludes[number].union(*parts[number])
    return tuple(words)


def conditions(
    entries: Numbered, parts: Sequence[Parts], shared: Sequence[tuple[int, list[int]]]
) -> Mapping[int, tuple[Condition, ...]]:
    """Return, by pattern, the entries to look at when it is found: those whose rarest part it is in.

    `shared` is what `shared_patterns` returned.
    """
    nothing: repeat[Parts] = repeat(())
    alone = zip(entries[0], zip(zip(count(), nothing)), strict=False)
    found: dict[int, tuple[Condition, ...]] = dict(alone)
    found.pop(-1, None)
    for index, numbers in shared:
        found[index] = tuple((number, others(parts[number], index)) for number in numbers)
    return found


def others(parts: Parts, index: int) -> Parts:
    """Return the parts of an entry that a pattern is not in."""
    return tuple(part for part in parts if index not in part) if len(parts) > 1 else ()


def strong_words(entries: Sequence[Entry], parts: Sequence[Parts]) -> list[int]:
    """Return the patterns of the strong entries."""
    strong = {
        index
        for entry, whole in zip(entries, parts, strict=True)
        if entry.strength == "strong"
        for part in whole
        for index in part
    }
    return sorted(strong)


def shared_patterns(
    entries: Numbered, parts: Sequence[Parts], patterns: Sequence[str]
) -> list[tuple[int, list[int]]]:
    """Return each pattern that does not stand for one entry alone, with the entries whose rarest part it is in.

    How rare a word is we judge by its length and by how many entries use it.
    """
    uses: Counter[int] = Counter(index for entry in parts for part in entry for index in part)

    def frequency(part: frozenset[int]) -> float:
        return sum(uses[index] / len(patterns[index]) ** 2 for index in part)

    found: dict[int, list[int]] = {}
    for number, entry in enumerate(parts):
        for index in entry[0] if len(entry) == 1 else min(entry, key=frequency):
            found.setdefault(index, []).append(number)
    return [
        (index, numbers)
        for index, numbers in found.items()
        if len(numbers) > 1 or entries[0][numbers[0]] != index
    ]
