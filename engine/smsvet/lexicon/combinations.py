"""Combinations of pieces that make a term, and the choice between overlapping terms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import prod
from operator import itemgetter
from typing import NamedTuple

from ..evasion.disguise import Disguise
from .entries import Entry

NEAR = 12
"""Greatest distance in code points between two neighbouring parts of a combination."""


CHOICES = 1000
"""Greatest number of ways to choose pieces that `can_join` tries. Beyond it, one is assumed to fit."""


MAX_REPEATS = 60
"""Places of a term in the same spelling that are returned, from the start of the text.

They are more than the findings of one rule in one field. So the rest is never silent: the rule has one more finding
with the least number of other places.
"""


class Piece(NamedTuple):
    """A match of one part of an entry, in code points of the normalised text."""

    start: int
    end: int
    disguise: Disguise | None = None


Match = tuple[Entry, tuple[Piece, ...]]
"""An entry, and a piece for each of its parts."""

Places = tuple[tuple[int, int], ...]
"""The (start, end) of each piece of a match."""


def nearest(found: Sequence[Sequence[Piece]], ordered: bool = False) -> list[tuple[Piece, ...]]:
    """Return the matches of a combination: one piece of every part, at most NEAR code points between neighbours.

    With `ordered`, every piece comes after that of the part before it, at most NEAR code points away. Of overlapping matches only the best is returned: the one with the fewest steps, then the shortest, then the first.
    """
    if not all(found):
        return []
    others = [_InOrder(pieces) for pieces in found[1:]]
    choices: list[tuple[Piece, ...]] = []
    for first in found[0]:
        chosen = [first]
        for pieces in others:
            near = pieces.around(chosen[-1:]) if ordered else pieces.around(chosen)
            piece = following(near, chosen[-1]) if ordered else closest(near, chosen)
            if piece is None:
                break
            chosen.append(piece)
        else:
            choices.append(tuple(sorted(chosen, key=lambda piece: piece[:2])))
    if len(choices) < 2:
        return choices
    kept: list[tuple[Piece, ...]] = []
    taken: list[tuple[int, int]] = []
    for choice in sorted(choices, key=sort_key):
        start, end = choice[0].start, choice[-1].end
        # Those kept do not overlap, so the last that begins before the end is the one that ends last.
        place = bisect_left(taken, (end,))
        if not place or taken[place - 1][1] <= start:
            taken.insert(place, (start, end))
            kept.append(choice)
    return kept


def closest(pieces: Iterable[Piece], chosen: Sequence[Piece]) -> Piece | None:
    """Return the piece that fits beside those chosen and is closest to the first of them; None if none fits."""
    left, right, _ = chosen[0]
    best: Piece | None = None
    least = (0, 0, 0, False)
    for piece in pieces:
        start, end, _ = piece
        ahead, behind = start - right, left - end
        if ahead < 0 and behind < 0:
            continue
        # Prefer a disguise to the same word as written, or the order of the lexicon would decide.
        distance = max(behind, ahead), start, end, piece.disguise is None
        if best is not None and distance >= least:
            continue
        if fits_beside(piece, chosen) if len(chosen) > 1 else distance[0] <= NEAR:
            best, least = piece, distance
    return best


def following(pieces: Iterable[Piece], last: Piece) -> Piece | None:
    """Return the first piece that begins after the last one chosen, at most NEAR code points away; None without one.

    Of pieces in the same place, a disguise is preferred as in `closest`.
    """
    after = [piece for piece in pieces if 0 <= piece.start - last.end <= NEAR]
    return min(after, key=lambda piece: (piece.start, piece.end, piece.disguise is None), default=None)


def fits_beside(piece: Piece, chosen: Sequence[Piece]) -> bool:
    """Return whether a piece overlaps none of the others, and is at most NEAR code points from one of them."""
    start, end, _ = piece
    near = False
    for left, right, _ in chosen:
        if start < right and left < end:
            return False
        near = near or (start - right <= NEAR and left - end <= NEAR)
    return near


class _InOrder:
    """Pieces of one part, by where they begin."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = sorted(pieces, key=lambda piece: piece.start)
        self._starts = [piece.start for piece in self._pieces]
        self._longest = max(piece.end - piece.start for piece in pieces)

    def around(self, chosen: Sequence[Piece]) -> Sequence[Piece]:
        """Return the pieces that may be near to one of those chosen, and few others."""
        first = min(piece.start for piece in chosen) - NEAR - self._longest
        last = max(piece.end for piece in chosen) + NEAR
        return self._pieces[bisect_left(self._starts, first) : bisect_right(self._starts, last)]


def within_reach(parts: Sequence[frozenset[int]], places: Mapping[int, Sequence[Piece]]) -> bool:
    """Return whether every part of an entry has a piece at most NEAR code points from a piece of another part."""
    if len(parts) == 1:
        return not parts[0].isdisjoint(places)
    found = [[piece for index in part for piece in places.get(index, ())] for part in parts]
    if not all(found):
        return False
    near: set[int] = set()
    ends = [-NEAR - 1] * len(parts)
    # Of two pieces that are near each other, one begins first: it is among those passed when the other is reached.
    for start, end, part in sorted(
        (piece.start, piece.end, part) for part, own in enumerate(found) for piece in own
    ):
        for other, reached in enumerate(ends):
            if other != part and start - reached <= NEAR:
                near.update((part, other))
        ends[part] = max(ends[part], end)
    return len(near) == len(parts)


def can_join(found: Sequence[Sequence[Piece]], chosen: tuple[Piece, ...] = ()) -> bool:
    """Return whether `nearest` could return a match for some subset of the pieces.

    Returns True without a search if there are more than CHOICES ways to choose the pieces.
    """
    if prod(map(len, found)) > CHOICES:
        return True
    return len(chosen) == len(found) or any(
        can_join(found, (*chosen, piece))
        for piece in found[len(chosen)]
        if not chosen or fits_beside(piece, chosen)
    )


def sort_key(pieces: Sequence[Piece]) -> tuple[int, int, int]:
    """Return (number of transform steps, length in code points, start) of the pieces: smaller is better."""
    return steps(pieces), pieces[-1].end - pieces[0].start, pieces[0].start


def gap(one: Piece, other: Piece) -> int:
    """Return the number of code points between two pieces, 0 if they touch or overlap."""
    return max(one.start - other.end, other.start - one.end, 0)


def without_nested(found: list[Match]) -> list[Match]:
    """Return the matches in order, without those inside an equally strong or stronger match of the same category.

    A match entirely in the gap of a combination is independent evidence and is returned too.
    """
    kept: list[tuple[Places, Match]] = []
    # Where a match begins and ends, by category and by each code point of its pieces.
    extents: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for (*_, places), match in sorted([(preference(match), match) for match in found], key=itemgetter(0)):
        start, end = places[0][0], places[-1][1]
        known = extents.setdefault(match[0].category, {})
        points = [point for first, last in places for point in range(first, last)]
        for point in points:
            if point in known and any(first <= start and end <= last for first, last in known[point]):
                break
        else:
            kept.append((places, match))
            for point in points:
                known.setdefault(point, []).append((start, end))
    kept.sort(key=itemgetter(0))
    return [match for _, match in kept]


def preference(match: Match) -> tuple[str, int, int, int, Places]:
    """Return the sort key of a match: of overlapping ones, the stronger, plainer, longer and earlier comes first."""
    entry, pieces = match
    places = spans_of(pieces)
    total = steps(pieces)
    return entry.strength, total, places[0][0] - places[-1][1], len(pieces) if total else 0, places


def without_repeats(folded: str, found: list[Match]) -> list[Match]:
    """Return the matches in a normalised text without those beyond MAX_REPEATS of the same spelling."""
    if len(found) <= MAX_REPEATS:
        return found
    counts: Counter[tuple[object, ...]] = Counter()
    kept = []
    for entry, pieces in sorted(found, key=lambda match: match[1][0].start):
        steps = tuple([piece.disguise.transforms for piece in pieces if piece.disguise])
        spelling = entry.category, entry.term, folded[pieces[0].start : pieces[-1].end], steps
        counts[spelling] += 1
        if counts[spelling] <= MAX_REPEATS:
            kept.append((entry, pieces))
    return kept


def spans_of(pieces: Sequence[Piece]) -> Places:
    """Return the (start, end) of each piece."""
    return tuple([piece[:2] for piece in pieces])


def steps(pieces: Sequence[Piece]) -> int:
    """Return the total number of transform steps of the pieces, 0 if none is disguised."""
    total = 0
    for _, _, disguise in pieces:
        if disguise:
            total += len(disguise.transforms)
    return total


class Coverage:
    """The allowlist phrases of a text, ordered by their start."""

    def __init__(self, phrases: Iterable[Piece]) -> None:
        places = sorted(phrase[:2] for phrase in phrases)
        self._starts = [start for start, _ in places]
        self._furthest = list(accumulate((end for _, end in places), max))

    def cover(self, piece: Piece) -> bool:
        """Return whether one phrase covers a piece completely."""
        begun = bisect_right(self._starts, piece.start)
        return begun > 0 and piece.end <= self._furthest[begun - 1]
