"""Combinations of pieces that make a term, and the choice between overlapping terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from ..evasion.disguise import Disguise
from .entries import Entry

NEAR = 12
"""Greatest distance in code points between two neighbouring parts of a combination."""


CHOICES = 1000
"""Greatest number of ways to choose pieces that `can_join` tries. Beyond it, one is assumed to fit."""


class Piece(NamedTuple):
    """A match of one part of an entry, in code points of the normalised text."""

    start: int
    end: int
    disguise: Disguise | None = None


def nearest(found: Sequence[Sequence[Piece]]) -> list[tuple[Piece, ...]]:
    """Return the matches of a combination: one piece of every part, at most NEAR code points between neighbours.

    Of overlapping matches only the best is returned: the one with the fewest steps, then the shortest, then the first.
    """
    if not all(found):
        return []
    choices: list[tuple[Piece, ...]] = []
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
            chosen.append(min(fits, key=lambda piece: (gap(piece, first), piece[:2])))
        else:
            choices.append(tuple(sorted(chosen, key=lambda piece: piece[:2])))
    if len(choices) < 2:
        return choices
    kept: list[tuple[Piece, ...]] = []
    for choice in sorted(choices, key=sort_key):
        if all(choice[-1].end <= other[0].start or other[-1].end <= choice[0].start for other in kept):
            kept.append(choice)
    return kept


def within_reach(parts: Sequence[frozenset[int]], places: Mapping[int, Sequence[Piece]]) -> bool:
    """Return whether every part of an entry has a piece at most NEAR code points from a piece of another part."""
    if len(parts) == 1:
        return not parts[0].isdisjoint(places)
    found = [[piece for index in part for piece in places.get(index, ())] for part in parts]
    return all(found) and all(
        any(
            gap(one, piece) <= NEAR
            for other in found
            if other is not pieces
            for piece in other
            for one in pieces
        )
        for pieces in found
    )


def can_join(found: Sequence[Sequence[Piece]], chosen: tuple[Piece, ...] = ()) -> bool:
    """Return whether `nearest` could return a match for some subset of the pieces.

    Returns True without a search if there are more than CHOICES ways to choose the pieces.
    """
    if prod(map(len, found)) > CHOICES:
        return True
    return len(chosen) == len(found) or any(
        can_join(found, (*chosen, piece))
        for piece in found[len(chosen)]
        if all(piece.end <= other.start or other.end <= piece.start for other in chosen)
        and (not chosen or any(gap(piece, other) <= NEAR for other in chosen))
    )


def sort_key(pieces: Sequence[Piece]) -> tuple[int, int, int]:
    """Return (number of transform steps, length in code points, start) of the pieces: smaller is better."""
    return steps(pieces), pieces[-1].end - pieces[0].start, pieces[0].start


def gap(one: Piece, other: Piece) -> int:
    """Return the number of code points between two pieces, 0 if they touch or overlap."""
    return max(one.start - other.end, other.start - one.end, 0)


def without_nested(found: list[tuple[Entry, tuple[Piece, ...]]]) -> list[tuple[Entry, tuple[Piece, ...]]]:
    """Return the matches in order, without those inside an equally strong or stronger match of the same category.

    A match entirely in the gap of a combination is independent evidence and is returned too.
    """
    if len(found) > 1:
        found.sort(
            key=lambda item: (
                item[0].strength,
                steps(item[1]),
                item[1][0].start - item[1][-1].end,
                len(item[1]) if steps(item[1]) else 0,
                spans_of(item[1]),
            )
        )
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
    return sorted(kept, key=lambda item: spans_of(item[1]))


def spans_of(pieces: Sequence[Piece]) -> tuple[tuple[int, int], ...]:
    """Return the (start, end) of each piece."""
    return tuple(piece[:2] for piece in pieces)


def steps(pieces: Sequence[Piece]) -> int:
    """Return the total number of transform steps of the pieces, 0 if none is disguised."""
    return sum(len(piece.disguise.transforms) for piece in pieces if piece.disguise)
