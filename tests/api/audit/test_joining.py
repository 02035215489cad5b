"""Joins of two sides, matrices, and counts in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet_api.audit.comparison.course import last_change
from smsvet_api.audit.comparison.distinct import Distinct, Frequent
from smsvet_api.audit.comparison.joining import NotAscendingError, Unpaired, merged
from smsvet_api.audit.comparison.review_load import review_load
from smsvet_api.audit.comparison.stored_run import Part
from smsvet_api.audit.comparison.transitions import Grouped, Matrix
from smsvet_api.proportions import wilson

KEYS = st.lists(st.integers(0, 60), unique=True).map(sorted)


def parts(keys: list[int], size: int) -> Iterator[Part]:
    for first in range(0, len(keys), size):
        some = keys[first : first + size]
        yield Part(
            pa.table({"key": pa.array(some, pa.int64())}), pa.table({"text": [str(one) for one in some]})
        )


@given(KEYS, KEYS, st.integers(1, 7), st.integers(1, 7))
def test_a_join_pairs_equal_keys_and_counts_the_others(
    old: list[int], new: list[int], one: int, other: int
) -> None:
    left = Unpaired()
    found = list(merged(parts(old, one), parts(new, other), left))
    paired = [key for pairs in found for key in pairs.old.side["key"].to_pylist()]
    assert paired == [key for pairs in found for key in pairs.new.side["key"].to_pylist()]
    assert paired == sorted(set(old) & set(new))
    assert [text for pairs in found for text in pairs.new.cells["text"].to_pylist()] == [
        str(key) for key in paired
    ]
    assert (left.old + len(paired), left.new + len(paired)) == (len(old), len(new))


@pytest.mark.parametrize("keys", [[2, 1], [1, 1]])
def test_keys_that_do_not_ascend_are_refused(keys: list[int]) -> None:
    with pytest.raises(NotAscendingError):
        list(merged(parts(keys, 2), parts([1, 2, 3], 2), Unpaired()))
    with pytest.raises(NotAscendingError):
        list(merged(parts(keys, 1), parts([1, 2, 3], 2), Unpaired()))


MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 9)))


@given(MOVES)
def test_the_sums_of_a_matrix(moves: list[tuple[int, int, int]]) -> None:
    matrix = Matrix()
    for old, new, items in moves:
        matrix.add(old, new, items)
    assert matrix.total == sum(items for _, _, items in moves) == sum(map(sum, matrix.rows()))
    assert matrix.stricter + matrix.milder == matrix.moved == sum(items for _, items in matrix.moves())
    assert sum(map(matrix.olds, range(3))) == sum(map(matrix.news, range(3))) == matrix.total
    assert sum(map(matrix.entering, range(3))) == matrix.moved


def test_groups_with_most_moves_are_kept() -> None:
    grouped = Grouped(room=10)
    for number in range(100):
        grouped.add(f"quiet-{number}", 0, 0, 1)
        grouped.add("busy", 0, 2, 1)
    assert not grouped.complete
    assert grouped.top(1)[0][1].moved == 100
    assert len(grouped.groups) <= 10


@pytest.mark.parametrize("count", [0, 10, 4096])
def test_few_distinct_values_are_counted_exactly(count: int) -> None:
    found = Distinct()
    for number in range(2 * count):
        found.add(hash_of(number % count))
    assert (found.count, found.exact) == (count, True)


def test_many_distinct_values_are_estimated() -> None:
    found = Distinct(kept=1024)
    for number in range(40_000):
        found.add(hash_of(number % 20_000))
    assert not found.exact
    assert found.count == pytest.approx(20_000, rel=0.15)


def hash_of(number: int) -> int:
    return (number + 1) * 0x9E3779B97F4A7C15 % (1 << 64)


def test_frequent_values_survive_rare_ones() -> None:
    found: Frequent[str] = Frequent(10)
    for number in range(200):
        found.add("often")
        found.add(f"once-{number}")
    assert found.counts.most_common(1) == [("often", 200)]
    assert len(found.counts) <= 10
    assert found.error <= 2


@given(st.integers(1, 500), st.integers(0, 500))
def test_an_interval_contains_the_share(items: int, found: int) -> None:
    found = min(found, items)
    low, high = wilson(found, items)
    assert 0 <= low <= found / items <= high <= 1 + 1e-9


def test_copies_of_a_wording_widen_the_interval() -> None:
    apart, copied = review_load(100, 100, 10_000, 500), review_load(100, 5, 10_000, 500)
    assert apart.share == copied.share == 0.01
    assert apart.cases[0] == pytest.approx(5)
    assert apart.minutes[0] == pytest.approx(10)
    assert copied.high - copied.low > 2 * (apart.high - apart.low)
    assert not math.isnan(review_load(0, 0, 0, None).high)


@pytest.mark.parametrize(
    ("decisions", "since"),
    [([0, 2, 2], "b"), ([0, 0, 2], "c"), ([0, 2, 0, 2], "d"), ([0, 0], None), ([2, None, 2], "c")],
)
def test_the_date_since_when_a_decision_holds(decisions: list[Any], since: str | None) -> None:
    assert last_change("abcd", decisions) == since
