"""Words: lexicons and safe phrases, and the terms of a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from .document import Text
from .fold import Folder
from .matcher import Matcher, build
from .model import Term
from .segment import Segmenter
from .source import ContentError, read_rows

NEAR = 12
"""Code points that may lie between two parts of a combination."""

_AND = re.compile(r"(?:^| )&(?: |$)")

EVERY = "all"
"""The safe list whose phrases exempt terms of every category."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a lexicon: parts that must occur near each other, each with its alternatives."""

    category: str
    term: str
    strength: Literal["strong", "weak"]
    mode: Literal["anywhere", "word"]
    parts: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class SafePhrase:
    """An innocent phrase that exempts the terms of a category which it fully covers."""

    category: str
    phrase: str
    place: str = ""


class Piece(NamedTuple):
    """A match of one part of an entry, in folded code points."""

    start: int
    end: int


def parse_entry(category: str, term: str, strength: str, mode: str, place: str) -> Entry:
    """Return the entry of one lexicon line: `A & B|C !D` reads A near B or C, unless D is there.

    Raises ContentError naming `place` for an unknown strength or mode or an empty part.
    """
    if strength not in ("strong", "weak"):
        raise ContentError(
            f"{place}: strength: '{strength}' is not strong or weak",
            f"{place}: strength: '{strength}' 应为 strong 或 weak",
        )
    if mode not in ("anywhere", "word"):
        raise ContentError(
            f"{place}: mode: '{mode}' is not anywhere or word",
            f"{place}: mode: '{mode}' 应为 anywhere 或 word",
        )
    wanted, *excluded = (part.strip() for part in term.split(" !"))
    parts = tuple(tuple(word.strip() for word in part.split("|")) for part in _AND.split(wanted))
    excludes = tuple(word.strip() for part in excluded for word in part.split("|"))
    if not all(word for part in parts for word in part) or not all(excludes):
        raise ContentError(
            f"{place}: term: '{term}' has an empty part", f"{place}: term: '{term}' 有空的部分"
        )
    return Entry(category, term, strength, mode, parts, excludes, place)  # type: ignore[arg-type]


def load_entries(folder: Path, shown: str = "") -> list[Entry]:
    """Return the entries of every `<category>.tsv` in `folder`; raises ContentError."""
    entries = []
    for path in sorted(folder.glob("*.tsv")):
        name = f"{shown or folder.name}/{path.name}"
        for line, (term, strength, mode, _) in read_rows(path, name, ("term", "strength", "mode", "note"), 3):
            entries.append(parse_entry(path.stem, term, strength, mode, f"{name}:{line}"))
    return entries


def load_safe(folder: Path, shown: str = "") -> list[SafePhrase]:
    """Return the phrases of every `<category>.tsv` in `folder`; raises ContentError."""
    phrases = []
    for path in sorted(folder.glob("*.tsv")):
        name = f"{shown or folder.name}/{path.name}"
        for line, (phrase, _) in read_rows(path, name, ("phrase", "note"), 1):
            phrases.append(SafePhrase(path.stem, phrase, f"{name}:{line}"))
    return phrases


class Lexicon:
    """Every entry and safe phrase, compiled into one automaton over folded text. Immutable."""

    def __init__(
        self,
        entries: Sequence[Entry],
        safe: Sequence[SafePhrase],
        folder: Folder,
        segmenter: Segmenter,
        backend: str | None = None,
    ) -> None:
        self.entries = tuple(entries)
        self.safe = tuple(safe)
        self.categories = frozenset(entry.category for entry in entries)
        self.segmenter = segmenter
        patterns: dict[str, int] = {}

        def index(word: str) -> int:
            folded = folder.fold(word)[0]
            if not folded:
                raise ContentError(f"term: {word!a} is nothing but characters that nobody sees")
            return patterns.setdefault(folded, len(patterns))

        self._parts = tuple(
            tuple(frozenset(map(index, words)) for words in entry.parts) for entry in self.entries
        )
        self._excludes = tuple(frozenset(map(index, entry.excludes)) for entry in self.entries)
        exempts: dict[int, list[str]] = {}
        for phrase in self.safe:
            exempts.setdefault(index(phrase.phrase), []).append(phrase.category)
        self.patterns = tuple(patterns)
        self._exempts = {number: tuple(categories) for number, categories in exempts.items()}
        self._triggers = triggers(self._parts, self.patterns)
        self._matcher: Matcher = build(self.patterns, backend)

    def find(self, text: Text) -> tuple[Term, ...]:
        """Return the terms of `text`, in order; a term inside a longer one of its category is left out."""
        places: dict[int, list[Piece]] = {}
        for index, start, end in self._matcher.find(text.folded):
            if apart(text.folded, start, end):
                places.setdefault(index, []).append(Piece(start, end))
        if not places:
            return ()
        seen = places.keys()
        exempt: dict[str, list[Piece]] = {}
        for index in seen & self._exempts.keys():
            for category in self._exempts[index]:
                exempt.setdefault(category, []).extend(places[index])
        whole = partial(cached_whole, self.segmenter, text.folded, {})
        found: list[tuple[Entry, tuple[Piece, ...]]] = []
        for number in {number for index in seen for number in self._triggers.get(index, ())}:
            parts = self._parts[number]
            if any(part.isdisjoint(seen) for part in parts) or not self._excludes[number].isdisjoint(seen):
                continue
            entry = self.entries[number]
            safe = exempt.get(entry.category, []) + exempt.get(EVERY, []) if exempt else []
            pieces = [
                [
                    piece
                    for index in part & seen
                    for piece in places[index]
                    if not covered(piece, safe) and (entry.mode == "anywhere" or whole(piece))
                ]
                for part in parts
            ]
            if len(pieces) == 1:
                found += [(entry, (piece,)) for piece in pieces[0]]
            elif chosen := nearest(pieces):
                found.append((entry, chosen))
        return tuple(term(text, entry, pieces) for entry, pieces in longest(found))

    def stopped(self, text: Text, category: str | None, word: str) -> str | None:
        """Return the first gate that keeps the folded `word` from being found in `text`.

        One of `absent`, `inside-latin-word`, `safe-phrase:<phrase>`, `part-of-words`; None when none does.
        """
        start = text.folded.find(word)
        if start < 0:
            return "absent"
        end = start + len(word)
        if not apart(text.folded, start, end):
            return "inside-latin-word"
        for index, left, right in self._matcher.find(text.folded):
            if (
                left <= start
                and end <= right
                and {category, EVERY}.intersection(self._exempts.get(index, ()))
            ):
                return f"safe-phrase:{self.patterns[index]}"
        return None if self.segmenter.whole(text.folded, start, end) else "part-of-words"


def triggers(
    parts: Sequence[Sequence[frozenset[int]]], patterns: Sequence[str]
) -> Mapping[int, tuple[int, ...]]:
    """Return, by pattern, the entries to look at when it is found: those whose rarest part it is in.

    How rare a word is we judge by its length and by how many entries use it.
    """
    uses: Counter[int] = Counter(index for entry in parts for part in entry for index in part)
    found: dict[int, list[int]] = {}
    for number, entry in enumerate(parts):
        rarest = min(entry, key=lambda part: sum(uses[index] / len(patterns[index]) ** 2 for index in part))
        for index in rarest:
            found.setdefault(index, []).append(number)
    return {index: tuple(numbers) for index, numbers in found.items()}


def cached_whole(segmenter: Segmenter, folded: str, known: dict[Piece, bool], piece: Piece) -> bool:
    """Return whether a piece is whole words, asking the segmenter once a piece."""
    if piece not in known:
        known[piece] = segmenter.whole(folded, piece.start, piece.end)
    return known[piece]


def covered(piece: Piece, safe: Sequence[Piece]) -> bool:
    """Return whether a safe phrase covers a piece fully."""
    return any(phrase.start <= piece.start and piece.end <= phrase.end for phrase in safe)


def apart(text: str, start: int, end: int) -> bool:
    """Return whether no Latin word or number runs on past either end of [start, end)."""
    return not (
        (start > 0 and same_run(text[start - 1], text[start]))
        or (end < len(text) and same_run(text[end - 1], text[end]))
    )


def same_run(left: str, right: str) -> bool:
    """Return whether two neighbours are both ASCII letters or both ASCII digits."""
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


def nearest(found: Sequence[Sequence[Piece]]) -> tuple[Piece, ...] | None:
    """Return one piece of every part, no two overlapping, with at most NEAR code points between neighbours."""
    if not all(found):
        return None
    for first in found[0]:
        chosen = [first]
        for pieces in found[1:]:
            fits = [
                piece
                for piece in pieces
                if all(piece.end <= other.start or other.end <= piece.start for other in chosen)
                and any(gap(piece, other) <= NEAR for other in chosen)
            ]
            if not fits:
                break
            chosen.append(min(fits, key=lambda piece: gap(piece, first)))
        else:
            return tuple(sorted(chosen))
    return None


def gap(one: Piece, other: Piece) -> int:
    """Return the code points between two pieces."""
    return max(one.start - other.end, other.start - one.end, 0)


def longest(found: list[tuple[Entry, tuple[Piece, ...]]]) -> list[tuple[Entry, tuple[Piece, ...]]]:
    """Return the matches in order, without those inside another of the same category that is no weaker.

    One that lies wholly in the gap of a combination is evidence of its own and stays.
    """
    if len(found) > 1:
        found.sort(key=lambda item: (item[0].strength, item[1][0].start - item[1][-1].end, item[1]))
    kept: list[tuple[Entry, tuple[Piece, ...]]] = []
    for entry, pieces in found:
        start, end = pieces[0].start, pieces[-1].end
        if not any(
            other.category == entry.category
            and spans[0].start <= start
            and end <= spans[-1].end
            and any(piece.start < span.end and span.start < piece.end for piece in pieces for span in spans)
            for other, spans in kept
        ):
            kept.append((entry, pieces))
    return sorted(kept, key=lambda item: item[1])


def term(text: Text, entry: Entry, pieces: Sequence[Piece]) -> Term:
    """Return the term found at `pieces` of the folded text, placed in the submitted field."""
    span = text.span(pieces[0].start, pieces[-1].end)
    spans = tuple(text.span(piece.start, piece.end) for piece in pieces) if len(pieces) > 1 else ()
    return Term(entry.category, entry.term, entry.strength, span, text.quote(span), spans=spans)
