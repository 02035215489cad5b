"""The prefilter for combinations never rejects pieces that form a combination."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smsvet.lexicon.combinations import Piece, can_join, nearest

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
