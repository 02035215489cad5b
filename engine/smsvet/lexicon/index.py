"""Numeric index of lexicon entries: the patterns of their parts, and the entries to check for each pattern.

A pattern is a normalised word, identified by its number.
"""

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
"""The parts of an entry; each part is the set of its alternative patterns."""

Numbered = tuple[list[int], list[tuple[int, list[list[int]], list[int]]], dict[str, list[int]]]
"""The index as JSON, in three elements:

- by entry: its pattern if the entry is a single word, else -1;
- for every other entry: its number, the patterns of each part, and the excluding patterns;
- by category: the patterns of its allowlist phrases.
"""

Condition = tuple[int, Parts]
"""An entry to check when a pattern is found, and the other parts that must also be present."""


def numbered(
    entries: Sequence[Entry], safe: Sequence[SafePhrase], folder: Folder, patterns: list[str]
) -> Numbered:
    """Return the index of entries and allowlist phrases, and append their normalised words to `patterns`.

    Raises ContentError for a word without visible characters.
    """
    numbers: dict[str, int] = {}

    @cache
    def index(word: str) -> int:
        folded = folder.plain(word)
        if not folded:
            raise ContentError(f"term: {word!a} has only invisible characters")
        return numbers.setdefault(folded, len(numbers))

    parts = [[list(map(index, words)) for words in entry.parts] for entry in entries]
    excludes = [list(map(index, entry.excludes)) for entry in entries]
    exempts: dict[str, list[int]] = {}
    for phrase in safe:
        exempts.setdefault(phrase.category, []).append(index(phrase.phrase))
    patterns += numbers
    single: list[int] = []
    combined: list[tuple[int, list[list[int]], list[int]]] = []
    for number, (part, excluded) in enumerate(zip(parts, excludes, strict=True)):
        if len(part) == len(part[0]) == 1 and not excluded:
            single.append(part[0][0])
        else:
            single.append(-1)
            combined.append((number, part, excluded))
    return single, combined, exempts


# Most entries are a single pattern. The following functions create those in bulk, which is many times as fast as a loop.


def unpacked(entries: Numbered) -> tuple[tuple[Parts, ...], tuple[frozenset[int], ...]]:
    """Return the parts and the excluding patterns of each entry."""
    single, combined, _ = entries
    parts: list[Parts] = list(zip(map(frozenset, zip(single, strict=True)), strict=True))
    excludes: list[frozenset[int]] = [frozenset()] * len(parts)
    for number, patterns, excluded in combined:
        parts[number] = tuple(map(frozenset, patterns))
        excludes[number] = frozenset(excluded)
    return tuple(parts), tuple(excludes)


def words_of(
    entries: Numbered, parts: Sequence[Parts], excludes: Sequence[frozenset[int]]
) -> tuple[frozenset[int], ...]:
    """Return all patterns of each entry, including the excluding ones."""
    words: list[frozenset[int]] = list(map(itemgetter(0), parts))
    for number, *_ in entries[1]:
        words[number] = excludes[number].union(*parts[number])
    return tuple(words)


def conditions(
    entries: Numbered, parts: Sequence[Parts], shared: Sequence[tuple[int, list[int]]]
) -> Mapping[int, tuple[Condition, ...]]:
    """Return the entries to check for each pattern: those that have the pattern in their rarest part.

    `shared` is the result of `shared_patterns`.
    """
    nothing: repeat[Parts] = repeat(())
    single = zip(entries[0], zip(zip(count(), nothing)), strict=False)
    found: dict[int, tuple[Condition, ...]] = dict(single)
    found.pop(-1, None)
    for index, numbers in shared:
        found[index] = tuple((number, others(parts[number], index)) for number in numbers)
    return found


def others(parts: Parts, index: int) -> Parts:
    """Return the parts of an entry without a given pattern."""
    return tuple(part for part in parts if index not in part) if len(parts) > 1 else ()


def strong_words(entries: Sequence[Entry], parts: Sequence[Parts]) -> list[int]:
    """Return the patterns of all strong entries, sorted."""
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
    """Return the patterns that need more than the bulk mapping, each with the entries that have it in their rarest part.

    These are the patterns of combinations and of several entries. The rarity of a word is estimated from its length
    and the number of entries with it.
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
