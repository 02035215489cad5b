"""Cohen's kappa and its interval, against published figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet_api.proportions import wilson
from smsvet_api.store.quality.agreement import agreement_in, agreement_of, cohen_kappa

TWO = [[20, 5], [10, 15]]


@pytest.mark.parametrize(
    ("counts", "kappa", "low", "high"),
    [
        # Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions, table 18.1: 0.676 with an error of 0.088.
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.676, 0.504, 0.848),
        # Fleiss, Cohen, Everitt (1969): 0.429, variance 0.002885 for 200 pairs.
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], 0.429, 0.324, 0.535),
    ],
)
def test_published_figures(counts: list[list[int]], kappa: float, low: float, high: float) -> None:
    found = cohen_kappa(counts)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((kappa, low, high), abs=0.002)


def test_two_decisions() -> None:
    found = cohen_kappa(TWO)
    assert found is not None
    assert found.value == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ({("approve", "approve"): 20, ("reject", "reject"): 20}, 1.0),
        ({("approve", "reject"): 20, ("reject", "approve"): 20}, -1.0),
        ({("approve", "approve"): 10, ("reject", "reject"): 10, ("approve", "reject"): 10, ("reject", "approve"): 10}, 0.0),
    ],
)  # fmt: skip
def test_the_ends_of_the_scale(table: dict[tuple[str, str], int], kappa: float) -> None:
    found = agreement_in(table).kappa
    assert found is not None
    assert found.value == pytest.approx(kappa)


@pytest.mark.parametrize(("pairs", "enough"), [(29, False), (30, True)])
def test_fewer_than_thirty_pairs_are_not_enough(pairs: int, enough: bool) -> None:
    found = agreement_of([("approve", "approve"), ("reject", "reject")] * 20)
    assert found.enough
    some = agreement_of(([("approve", "approve"), ("reject", "reject")] * 20)[:pairs])
    assert (some.enough, some.kappa is not None, some.pairs) == (enough, enough, pairs)


def test_one_decision_alone_has_no_kappa() -> None:
    found = agreement_of([("reject", "reject")] * 50)
    assert found.enough
    assert found.kappa is None
    assert found.agreed == found.pairs == 50


@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kappa_is_the_same_for_both_people_and_within_its_interval(counts: list[list[int]]) -> None:
    found, turned = cohen_kappa(counts), cohen_kappa([list(row) for row in zip(*counts, strict=True)])
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found.value == pytest.approx(turned.value)
        assert -1 <= found.low <= found.value + 1e-9
        assert found.value - 1e-9 <= found.high <= 1
        assert not math.isnan(found.low)


@pytest.mark.parametrize(
    ("found", "items", "low", "high"),
    # Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals(found: int, items: int, low: float, high: float) -> None:
    assert wilson(found, items) == pytest.approx((low, high), abs=0.0001)
