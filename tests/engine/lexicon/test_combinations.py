"""The prefilter for combinations never rejects pieces that form a combination."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smsvet.lexicon.combinations import (
    NEAR,
    Coverage,
    Piece,
    can_join,
    gap,
    nearest,
    sort_key,
    within_reach,
    without_nested,
)
from smsvet.lexicon.entries import Entry

PIECES = st.builds(lambda start, length: Piece(start, start + length), st.integers(0, 60), st.integers(1, 4))
PARTS = st.lists(st.lists(PIECES, min_size=1, max_size=4).map(sorted), min_size=2, max_size=4)


@given(PARTS)
def test_every_combination_can_be_joined(found: list[list[Piece]]) -> None:
    assert can_join(found) or not nearest(found)


def test_one_piece_cannot_be_two_parts() -> None:
    word, shared = Piece(0, 2), Piece(4, 6)
    assert not can_join([[word], [shared], [shared]])
    assert can_join([[word], [shared], [shared, Piece(8, 10)]])
    assert not can_join([[word], [Piece(40, 42)]])


def test_too_many_choices_are_accepted_without_a_search() -> None:
    far = [[Piece(start, start + 1) for start in range(first, first + 40)] for first in (0, 200)]
    assert can_join(far)
    assert not nearest(far)


def nearest_by_trying(found: list[list[Piece]]) -> list[tuple[Piece, ...]]:
    """Return what `nearest` should: each piece tried with each."""
    choices = []
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
    kept: list[tuple[Piece, ...]] = []
    for choice in sorted(choices, key=sort_key):
        if all(choice[-1].end <= other[0].start or other[-1].end <= choice[0].start for other in kept):
            kept.append(choice)
    return kept


PLACED = st.builds(lambda start, size: Piece(start, start + size), st.integers(0, 90), st.integers(1, 5))
FAR_PARTS = st.lists(st.lists(PLACED, min_size=1, max_size=7).map(sorted), min_size=2, max_size=3)


@given(FAR_PARTS)
def test_pieces_are_chosen_as_by_trying_each(found: list[list[Piece]]) -> None:
    assert nearest(found) == nearest_by_trying(found)


@given(FAR_PARTS)
def test_parts_are_within_reach_where_each_is_near_another(found: list[list[Piece]]) -> None:
    near = all(
        any(
            gap(one, piece) <= NEAR
            for other, pieces in enumerate(found)
            if other != part
            for piece in pieces
            for one in own
        )
        for part, own in enumerate(found)
    )
    assert within_reach([frozenset([part]) for part in range(len(found))], dict(enumerate(found))) == near


@given(st.lists(PLACED, max_size=7), PLACED)
def test_a_piece_is_covered_where_one_phrase_covers_it(phrases: list[Piece], piece: Piece) -> None:
    covered = any(phrase.start <= piece.start and piece.end <= phrase.end for phrase in phrases)
    assert Coverage(phrases).cover(piece) == covered


@given(st.lists(st.tuples(st.sampled_from("ab"), st.lists(PLACED, min_size=1, max_size=3)), max_size=9))
def test_matches_inside_others_are_left_out(made: list[tuple[str, list[Piece]]]) -> None:
    entries = {category: Entry(category, category, "strong", "word", ((category,),)) for category in "ab"}
    found = []
    for category, placed in made:
        own: list[Piece] = []
        for piece in sorted(placed):
            if not own or own[-1].end <= piece.start:
                own.append(piece)
        found.append((entries[category], tuple(own)))
    kept = without_nested(list(found))
    assert {(entry.category, pieces) for entry, pieces in kept} <= {
        (entry.category, pieces) for entry, pieces in found
    }
    for entry, pieces in found:
        assert any(
            other.category == entry.category
            and spans[0].start <= pieces[0].start
            and pieces[-1].end <= spans[-1].end
            and any(piece.start < span.end and span.start < piece.end for piece in pieces for span in spans)
            for other, spans in kept
        )
