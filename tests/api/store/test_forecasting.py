"""The forecast of a shadow: how many more cases people would get, and fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .databases import TestClock
from .decided import add_case, add_user

if TYPE_CHECKING:
    from smsvet_api.store.store import Store

ACTIVE, SHADOW = "a" * 16, "b" * 16
MOVES = (
    ("approve", "manual_review", 6),
    ("reject", "manual_review", 2),
    ("manual_review", "approve", 3),
    ("approve", "reject", 4),
    ("approve", "approve", 85),
)


@pytest.fixture
def compared(store: Store) -> Store:
    from smsvet_api.store.content.differences import Comparison, add_comparisons
    from smsvet_api.store.submissions.tables import submissions

    add_case(store, add_user(store, "shop", "submitter"))
    with store.database.reading() as connection:
        number = connection.execute(submissions.select()).one().id
    for before, after, times in MOVES:
        one = Comparison(number, ACTIVE, SHADOW, before, after, (), ())
        add_comparisons(store, [one] * times, [(ACTIVE, SHADOW)])
    return store


def test_entering_and_leaving_cases_are_counted_among_the_judged(compared: Store) -> None:
    from smsvet_api.store.content.forecasting import forecast

    found = forecast(compared, SHADOW)
    assert (found.judged, found.entering, found.leaving) == (100, 8, 3)
    assert found.per_day == pytest.approx(1 / 7)
    mean, low, high = found.more
    assert mean == pytest.approx(0.08 / 7)
    assert 0 < low < mean < high < 1 / 7


def test_arrivals_older_than_a_week_do_not_count(compared: Store, clock: TestClock) -> None:
    from smsvet_api.store.content.forecasting import forecast

    clock.forward(days=8)
    assert forecast(compared, SHADOW).per_day == 0
    unknown = forecast(compared, "c" * 16)
    assert (unknown.judged, unknown.more[0]) == (0, 0)


def test_samples_have_the_text_until_it_is_deleted(compared: Store) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.content.forecasting import difference_samples
    from smsvet_api.store.submissions.tables import submissions

    found, following = difference_samples(compared, SHADOW, "stricter", None, 5)
    assert len(found) == 5
    assert following is not None
    assert {one.difference.relation for one in found} == {"stricter"}
    assert all(one.text for one in found)
    with compared.database.transaction() as connection:
        connection.execute(sa.update(submissions).values(document=None))
    assert difference_samples(compared, SHADOW)[0][0].text is None
