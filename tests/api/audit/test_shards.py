"""How files are cut into shards, and the thresholds and shares of the command line."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet_api.audit.fail_on import parse_share, parse_threshold
from smsvet_api.audit.shards import FEWEST, MOST, cut, in_random_order, limited, shard_size
from smsvet_api.files.rows import InputError

GROUPS = st.lists(st.lists(st.integers(0, 40), max_size=4), min_size=1, max_size=4)


@given(GROUPS, st.integers(1, 50))
def test_every_row_is_in_exactly_one_shard(groups: list[list[int]], size: int) -> None:
    rows = Counter(
        (one.source, one.before + offset) for one in cut(groups, size) for offset in range(one.rows)
    )
    assert rows == Counter(
        (source, row) for source, counts in enumerate(groups) for row in range(sum(counts))
    )


@given(GROUPS, st.integers(1, 50), st.integers(1, 100))
def test_a_limit_keeps_the_first_rows(groups: list[list[int]], size: int, limit: int) -> None:
    shards = limited(cut(groups, size), limit)
    assert sum(one.kept for one in shards) == min(limit, sum(map(sum, groups)))
    assert [one.number for one in shards] == list(range(len(shards)))
    assert all(one.kept == one.rows for one in shards[:-1])


def test_the_order_depends_on_the_seed_only() -> None:
    shards = cut([[1000]], 10)
    assert in_random_order(shards, "a") == in_random_order(shards, "a") != in_random_order(shards, "b")
    assert sorted(in_random_order(shards, "a"), key=lambda one: one.number) == shards


@pytest.mark.parametrize("seed", range(20))
def test_the_first_shards_come_from_every_part(seed: int) -> None:
    order = in_random_order(cut([[1000]], 10), str(seed))
    assert [sum(one.number >= 80 for one in order[place : place + 20]) for place in range(0, 100, 20)] == [
        4
    ] * 5


@pytest.mark.parametrize(
    ("rows", "size"), [(1, FEWEST), (100_000, FEWEST), (1_000_000, 10_000), (10_000_000, MOST)]
)
def test_the_size_of_a_shard_follows_the_rows(rows: int, size: int) -> None:
    assert shard_size(rows) == size


@pytest.mark.parametrize(
    ("written", "met"),
    [
        ("reject>2%", False),
        ("reject>=2%", True),
        ("reject > 1.9 %", True),
        ("reject>1", True),
        ("reject>2", False),
        ("error>0", False),
        ("approve>=98", True),
        ("manual_review>=0", True),
    ],
)
def test_a_threshold(written: str, met: bool) -> None:
    assert parse_threshold(written, "en").met({"reject": 2, "approve": 98}) is met


@pytest.mark.parametrize(
    "written", ["", "reject", "rejected>1", "reject<1", "reject>x", "reject>１%", "reject>1%%"]
)
def test_a_wrong_threshold_is_named(written: str) -> None:
    with pytest.raises(InputError, match="--fail-on"):
        parse_threshold(written, "en")


@pytest.mark.parametrize(("written", "share"), [("1%", 0.01), ("0.5 %", 0.005), ("100%", 1.0)])
def test_a_share(written: str, share: float) -> None:
    assert parse_share(written, "zh") == share


@pytest.mark.parametrize("written", ["1", "0%", "101%", "-1%", "many", "１%"])
def test_a_wrong_share_is_named(written: str) -> None:
    with pytest.raises(InputError, match="--sample"):
        parse_share(written, "zh")
