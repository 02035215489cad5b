"""Pieces of a text that make a term: which belong together, and which of several terms count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from ..evasion.disguise import Disguise
from .entries import Entry

NEAR = 12
"""Code points that may lie between two parts of a combination."""


CHOICES = 1000
"""Ways to choose pieces of a combination that are tried before it is taken that one of them fits."""


class Piece(NamedTuple):
    """A match of one part of an entry, in folded code points."""

    start: int
    end: int
    disguise: Disguise | None = None


def nearest(found: Sequence[Sequence[Piece]]) -> list[tuple[Piece, ...]]:
    """Return the places of a combination: one piece of every part, at most NEAR code points between neighbours.

    Of places that overlap it is the shortest, then the first.
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
    """Return whether every part of an entry has a piece that is near enough to one of another part."""
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
    """Return whether one piece of every part may be chosen so that `nearest` could take them, whatever is left out.

    Where there are too many ways to choose, it is taken that there is one.
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
    """Return the steps it takes to read the pieces, how much text they span, and where they begin."""
    return steps(pieces), pieces[-1].end - pieces[0].start, pieces[0].start


def gap(one: Piece, other: Piece) -> int:
    """Return the code points between two pieces."""
    return max(one.start - other.end, other.start - one.end, 0)


def without_nested(found: list[tuple[Entry, tuple[Piece, ...]]]) -> list[tuple[Entry, tuple[Piece, ...]]]:
    """Return the matches in order, without those inside another of the same category that is no weaker.

    One that lies wholly in the gap of a combination is evidence of its own and stays.
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
    """Return where the pieces are."""
    return tuple(piece[:2] for piece in pieces)


def steps(pieces: Sequence[Piece]) -> int:
    """Return how many steps it takes to read the pieces."""
    return sum(len(piece.disguise.transforms) for piece in pieces if piece.disguise)
