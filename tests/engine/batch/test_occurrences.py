"""Outcomes of literals in many texts, compared with those of each text by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.batch.joined import expand_ranges
from smsvet.batch.occurrences import Occurrences, Outcomes

LITERALS = 8


def occurring(texts: Sequence[set[int]]) -> Occurrences:
    """Return the occurrences for texts given as sets of literals."""
    pairs = [(literal, text) for text, literals in enumerate(texts) for literal in (*literals, *literals)]
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    return Occurrences(columns[:, 0], columns[:, 1], LITERALS, len(texts))


literals = st.sets(st.integers(0, LITERALS - 1))
groups = st.lists(literals.filter(bool), min_size=2, max_size=3)


@given(
    texts=st.lists(literals, min_size=1, max_size=6),
    alone=st.dictionaries(st.integers(0, LITERALS - 1), st.lists(st.integers(100, 103), max_size=2)),
    joint=st.lists(groups, max_size=5),
)
def test_outcomes_equal_a_text_by_text_search(
    texts: list[set[int]], alone: dict[int, list[int]], joint: list[list[set[int]]]
) -> None:
    outcome, text = Outcomes(alone, list(enumerate(joint)), LITERALS).of(occurring(texts))
    expected = {
        (number, place)
        for place, seen in enumerate(texts)
        for number, parts in enumerate(joint)
        if all(part & seen for part in parts)
    }
    expected |= {
        (number, place)
        for place, seen in enumerate(texts)
        for literal in seen
        for number in alone.get(literal, ())
    }
    assert set(zip(outcome.tolist(), text.tolist(), strict=True)) == expected


def test_an_absent_literal_is_in_no_text() -> None:
    found = occurring([{1}, {2}])
    queried = np.array([0, 1, 1, 2, 7])
    assert found.is_in(queried, np.array([0, 0, 1, 1, 1])).tolist() == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [([], [], []), ([5], [0], []), ([5, 1], [2, 3], [5, 6, 1, 2, 3]), ([9, 4, 0], [1, 0, 2], [9, 0, 1])],
)
def test_ranges_are_expanded(first: list[int], count: list[int], expected: list[int]) -> None:
    assert expand_ranges(np.array(first, np.int64), np.array(count, np.int64)).tolist() == expected
