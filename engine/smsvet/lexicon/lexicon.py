"""All lexicons compiled into one automaton, and the search for the terms of a text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path

from ..evasion.detector import Detector
from ..evasion.disguise import TRANSFORMS, Hidden
from ..evasion.dismissal import Dismissal, dismissals
from ..files.cache import ContentCache
from ..files.lazy_lines import LazyLines
from ..model import Term
from ..text.automaton import Automaton, Scan, build_automaton
from ..text.fold import Folder
from ..text.segmenter import Segmenter
from ..text.text import Text
from .combinations import (
    NEAR,
    Coverage,
    Match,
    Piece,
    nearest,
    spans_of,
    within_reach,
    without_nested,
    without_repeats,
)
from .entries import EVERY, Entry, SafePhrase
from .index import conditions, numbered, shared_patterns, strong_words, unpacked, words_of
from .repetitions import LONG_TEXT, Shortened, shortened
from .segments import Segments
from .term import counts, term


class Lexicon:
    """All entries and allowlist phrases, compiled into one automaton for normalised text. Immutable."""

    def __init__(
        self,
        entries: Sequence[Entry],
        safe: Sequence[SafePhrase],
        folder: Folder,
        segmenter: Segmenter,
        backend: str | None = None,
        disguises: Path | None = None,
        off: Collection[str] = (),
        content_cache: ContentCache | None = None,
    ) -> None:
        """Compile entries and allowlist phrases.

        `disguises` is the folder with the tables for detecting disguised words, None to disable the detection. `off`
        are the transforms to skip. Raises ContentError for an invalid term or table.
        """
        content_cache = content_cache or ContentCache()
        self.entries = entries if isinstance(entries, LazyLines) else tuple(entries)
        self.safe = safe if isinstance(safe, LazyLines) else tuple(safe)
        categories = content_cache.value("categories", lambda: sorted({entry.category for entry in entries}))
        self.categories = frozenset(categories)
        self.segmenter = segmenter
        patterns: list[str] = []
        known = content_cache.value("lexicon", lambda: numbered(entries, safe, folder, patterns))
        patterns = content_cache.words("patterns", lambda: patterns)
        self.patterns = tuple(patterns)
        self.backend = backend
        self.parts, self.excludes = unpacked(known)
        self._exempts: dict[int, tuple[str, ...]] = {}
        for category, exempted in known[2].items():
            for number in exempted:
                self._exempts[number] = (*self._exempts.get(number, ()), category)
        self._exempting = frozenset(self._exempts)
        shared = content_cache.value("shared", lambda: shared_patterns(known, self.parts, patterns))
        self._others = conditions(known, self.parts, shared)
        self.beginning = frozenset(self._others)
        """Candidate patterns: a text without any of them has no term."""
        self._words = words_of(known, self.parts, self.excludes)
        self._numbers = dict(zip(patterns, range(len(patterns)), strict=True))
        strong = content_cache.value("strong", lambda: strong_words(entries, self.parts))
        self.disguises = (
            Detector(
                disguises,
                self._numbers,
                {patterns[index] for index in strong},
                folder,
                segmenter,
                off,
                backend,
                content_cache=content_cache,
            )
            if disguises and not set(TRANSFORMS).issubset(off)
            else None
        )

    @property
    def numbers(self) -> Mapping[str, int]:
        """Return the numbers of all patterns by their text: first the words, then the characters used in disguises."""
        return self._numbers

    @cached_property
    def _matcher(self) -> Automaton:
        return build_automaton(tuple(self._numbers), self.backend)

    def complete(self, seen: set[int]) -> set[int]:
        """Return the entries that have a pattern of every part among the `seen` patterns of a text, at any distance."""
        found: set[int] = set()
        for index in seen & self.beginning:
            for number, parts in self._others[index]:
                for part in parts:
                    if part.isdisjoint(seen):
                        break
                else:
                    found.add(number)
        return found

    def find(
        self,
        text: Text,
        scan: Scan | None = None,
        hidden: Sequence[Hidden] | None = None,
        matcher: Automaton | None = None,
    ) -> tuple[Term, ...]:
        """Return the terms of `text`, in order, without terms inside a longer one of the same category.

        `scan` is the scan of the normalised text with `matcher`, an automaton that contains at least `numbers`. `hidden`
        are the disguised words of the text. All are computed if they are None.
        """
        matcher = matcher or self._matcher
        scan = scan or matcher.scan(text.folded)
        shorter = self._shortened(text.folded) if hidden is None else None
        if shorter is None:
            return tuple(term(text, *match) for match in self._matches(text.folded, scan, hidden))
        found = list(shorter.restored(self._matches(shorter.folded, matcher.scan(shorter.folded), None)))
        kept = sorted(without_repeats(text.folded, found), key=lambda match: spans_of(match[1]))
        return tuple(term(text, *match) for match in kept)

    def _shortened(self, folded: str) -> Shortened | None:
        """Return a text without the middle of its repetitions; None if it hardly has any."""
        # Without the detector of disguises a search takes little time.
        if self.disguises is None or len(folded) < LONG_TEXT:
            return None
        return shortened(folded, self.disguises.spells, self._reach)

    @cached_property
    def _reach(self) -> int:
        """Return the greatest length in code points that a match of an entry may have, as written."""
        lengths = [len(pattern) for pattern in self.patterns]
        return max(
            (
                sum(max(lengths[index] for index in part) for part in parts) + NEAR * (len(parts) - 1)
                for parts in self.parts
            ),
            default=0,
        )

    def _matches(self, folded: str, scan: Scan, hidden: Sequence[Hidden] | None) -> list[Match]:
        """Return the entries in a normalised text with their pieces, in order; see `find`."""
        hidden = self.hidden(folded, scan) if hidden is None else hidden
        complete, places = self._within_reach(folded, scan, hidden)
        if not complete:
            return []
        seen = places.keys()
        exempt: dict[str, list[Piece]] = {}
        phrases = (
            []
            if self._exempting.isdisjoint(scan.seen)
            else [
                (index, Piece(start, end))
                for index, start, end in scan.places(self._exempts)
                if apart(folded, start, end)
            ]
        )
        phrases += [(self._numbers[word], Piece(start, end)) for word, start, end, _ in hidden]
        for index, piece in phrases:
            for category in self._exempts.get(index, ()):
                exempt.setdefault(category, []).append(piece)
        coverage = {category: Coverage(pieces) for category, pieces in exempt.items()}
        whole = partial(cached_whole, self.segmenter, folded, {})
        found: list[Match] = []
        segments: Segments | None = None
        for number in sorted(complete):  # of equal readings, the first entry counts
            parts = self.parts[number]
            entry = self.entries[number]
            safe = [coverage[name] for name in (entry.category, EVERY) if name in coverage]
            pieces = [
                sorted(
                    (
                        piece
                        for index in sorted(part & seen)
                        for piece in places[index]
                        if not (safe and any(phrases.cover(piece) for phrases in safe))
                        and (
                            counts(piece.disguise, entry)
                            if piece.disguise
                            else entry.mode == "anywhere" or whole(piece)
                        )
                    ),
                    key=lambda piece: piece[:2],
                )
                for part in parts
            ]
            if len(pieces) == 1:
                found += [(entry, (piece,)) for piece in pieces[0]]
            elif all(pieces):
                segments = segments or Segments(folded)
                excluded = {
                    segments.of(piece) for index in self.excludes[number] & seen for piece in places[index]
                }
                for inside in segments.divide(pieces):
                    if segments.of(inside[0][0]) not in excluded:
                        found += [(entry, chosen) for chosen in nearest(inside, entry.ordered)]
        return without_nested(without_repeats(folded, found)) if found else []

    def _within_reach(
        self, folded: str, scan: Scan, hidden: Sequence[Hidden]
    ) -> tuple[list[int], dict[int, list[Piece]]]:
        """Return the entries with all parts near each other, and the pieces by pattern.

        A single word has no excluding word in the text. Those of a combination count in its segment only.
        """
        seen = scan.seen.union(self._numbers[word] for word, *_ in hidden) if hidden else scan.seen
        complete = self.complete(seen)
        places: dict[int, list[Piece]] = {}
        if not complete:
            return [], places
        wanted = frozenset[int]().union(*(self._words[number] for number in complete))
        for index, start, end in scan.places(wanted):
            if apart(folded, start, end):
                places.setdefault(index, []).append(Piece(start, end))
        for word, start, end, disguise in hidden:
            places.setdefault(self._numbers[word], []).append(Piece(start, end, disguise))
        near = [
            number
            for number in complete
            if (len(self.parts[number]) > 1 or self.excludes[number].isdisjoint(places))
            and within_reach(self.parts[number], places)
        ]
        return near, places

    def hidden(self, folded: str, scan: Scan) -> list[Hidden]:
        """Return the words that a normalised text contains only in disguise."""
        if self.disguises is None:
            return []
        return self.disguises.find(folded, scan, self.plain(folded, scan))

    def plain(self, folded: str, scan: Scan) -> Iterator[tuple[int, int]]:
        """Yield the (start, end) of each word in plain spelling."""
        # A generator, because the detector needs the plain words only if something may be disguised.
        for _, start, end in scan.places(range(len(self.patterns))):
            if apart(folded, start, end):
                yield start, end

    def refused(self, text: Text, word: str) -> list[Dismissal]:
        """Return the parts of `text` that sound or look like the normalised `word`, each with the reason for dismissal."""
        if self.disguises is None:
            return []
        scan = self._matcher.scan(text.folded)
        readings = self.disguises.readings(text.folded, scan, self.plain(text.folded, scan), word)
        return dismissals(text, word, readings, self.disguises.exclusion_of)

    def stopped(self, text: Text, category: str | None, word: str) -> str | None:
        """Return the first check that prevents a match of the normalised `word` in `text`.

        The result is `absent`, `inside-latin-word`, `safe-phrase:<phrase>` or `part-of-words`; None if no check does.
        """
        start = text.folded.find(word)
        if start < 0:
            return "absent"
        end = start + len(word)
        if not apart(text.folded, start, end):
            return "inside-latin-word"
        for index, left, right in self._matcher.find(text.folded):
            exempt = self._exempts.get(index, ())
            if left <= start and end <= right and (category in exempt or EVERY in exempt):
                return f"safe-phrase:{self.patterns[index]}"
        return None if self.segmenter.whole(text.folded, start, end) else "part-of-words"


def cached_whole(segmenter: Segmenter, folded: str, known: dict[Piece, bool], piece: Piece) -> bool:
    """Return whether a piece consists of whole words; results are cached in `known`."""
    if piece not in known:
        known[piece] = segmenter.whole(folded, piece.start, piece.end)
    return known[piece]


def apart(text: str, start: int, end: int) -> bool:
    """Return whether no Latin word or number continues beyond either end of [start, end)."""
    # Most words are Chinese, so their first and last code points are tested before their neighbours.
    first, last = text[start], text[end - 1]
    if first.isascii() and start > 0 and same_run(text[start - 1], first):
        return False
    return not (last.isascii() and end < len(text) and same_run(last, text[end]))


def same_run(left: str, right: str) -> bool:
    """Return whether two neighbours are both ASCII letters or both ASCII digits."""
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())
