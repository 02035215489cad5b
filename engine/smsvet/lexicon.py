"""Words: lexicons and safe phrases, and the terms of a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
        raise ContentError(f"{place}: strength: '{strength}' is not strong or weak")
    if mode not in ("anywhere", "word"):
        raise ContentError(f"{place}: mode: '{mode}' is not anywhere or word")
    wanted, *excluded = (part.strip() for part in term.split(" !"))
    parts = tuple(tuple(word.strip() for word in part.split("|")) for part in wanted.split(" & "))
    excludes = tuple(word.strip() for part in excluded for word in part.split("|"))
    if not all(word for part in parts for word in part) or not all(excludes):
        raise ContentError(f"{place}: term: '{term}' has an empty part")
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
        parts: list[list[tuple[int, int]]] = []
        excludes: list[list[int]] = []
        exempts: list[list[str]] = []

        def index(word: str) -> int:
            folded = folder.fold(word)[0]
            if folded not in patterns:
                patterns[folded] = len(patterns)
                parts.append([])
                excludes.append([])
                exempts.append([])
            return patterns[folded]

        for number, entry in enumerate(self.entries):
            for place, words in enumerate(entry.parts):
                for word in words:
                    parts[index(word)].append((number, place))
            for word in entry.excludes:
                excludes[index(word)].append(number)
        for phrase in self.safe:
            exempts[index(phrase.phrase)].append(phrase.category)
        self.patterns = tuple(patterns)
        self._parts = tuple(map(tuple, parts))
        self._excludes = tuple(map(tuple, excludes))
        self._exempts = tuple(map(tuple, exempts))
        self._matcher: Matcher = build(self.patterns, backend)

    def find(self, text: Text) -> tuple[Term, ...]:
        """Return the terms of `text`, in order; a term inside a longer one of its category is left out."""
        matches = self._matcher.find(text.folded)
        if not matches:
            return ()
        exempt = self._exempted(matches)
        excluded = {number for index, _, _ in matches for number in self._excludes[index]}
        single: list[tuple[Entry, tuple[Piece, ...]]] = []
        partial: dict[int, list[list[Piece]]] = {}
        for index, start, end in matches:
            for number, place in self._parts[index]:
                entry = self.entries[number]
                if number in excluded or not self._counts(text.folded, start, end, entry, exempt):
                    continue
                if len(entry.parts) == 1:
                    single.append((entry, (Piece(start, end),)))
                else:
                    found = partial.setdefault(number, [[] for _ in entry.parts])
                    found[place].append(Piece(start, end))
        for number, found in partial.items():
            pieces = nearest(found)
            if pieces:
                single.append((self.entries[number], pieces))
        return tuple(term(text, entry, pieces) for entry, pieces in longest(single))

    def _exempted(self, matches: Iterable[tuple[int, int, int]]) -> Mapping[str, list[Piece]]:
        exempt: dict[str, list[Piece]] = {}
        for index, start, end in matches:
            for category in self._exempts[index]:
                exempt.setdefault(category, []).append(Piece(start, end))
        return exempt

    def _counts(
        self, folded: str, start: int, end: int, entry: Entry, exempt: Mapping[str, list[Piece]]
    ) -> bool:
        if not apart(folded, start, end):
            return False
        for category in (entry.category, EVERY):
            if any(piece.start <= start and end <= piece.end for piece in exempt.get(category, ())):
                return False
        return entry.mode == "anywhere" or self.segmenter.whole(folded, start, end)

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
            if left <= start and end <= right and set(self._exempts[index]) & {category, EVERY}:
                return f"safe-phrase:{self.patterns[index]}"
        return None if self.segmenter.whole(text.folded, start, end) else "part-of-words"


def apart(text: str, start: int, end: int) -> bool:
    """Return whether no Latin word or number runs on past either end of [start, end)."""
    return not (
        (start > 0 and same_run(text[start - 1], text[start])) or (end < len(text) and same_run(text[end - 1], text[end]))
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
    """Return the matches in order, without those inside another of the same category that is no weaker."""
    if len(found) > 1:
        found.sort(key=lambda item: (item[0].strength, item[1][0].start - item[1][-1].end, item[1]))
    kept: list[tuple[Entry, tuple[Piece, ...]]] = []
    for entry, pieces in found:
        start, end = pieces[0].start, pieces[-1].end
        if not any(
            other.category == entry.category and spans[0].start <= start and end <= spans[-1].end
            for other, spans in kept
        ):
            kept.append((entry, pieces))
    return sorted(kept, key=lambda item: item[1])


def term(text: Text, entry: Entry, pieces: Sequence[Piece]) -> Term:
    """Return the term found at `pieces` of the folded text, placed in the submitted field."""
    span = text.span(pieces[0].start, pieces[-1].end)
    spans = tuple(text.span(piece.start, piece.end) for piece in pieces) if len(pieces) > 1 else ()
    return Term(entry.category, entry.term, entry.strength, span, text.quote(span), spans=spans)
