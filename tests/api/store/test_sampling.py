"""Second reviews are drawn, blind, for another person; what differs goes to a lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .decided import add_case, add_user, cases_of, decide, open_to, set_rates, withdraw

if TYPE_CHECKING:
    from smsvet_api.store.accounts.users import User
    from smsvet_api.store.store import Store

    from .databases import TestClock

ALWAYS = 10_000


@pytest.fixture
def people(store: Store) -> dict[str, User]:
    roles = {"owner": "submitter", "lin": "reviewer", "wu": "reviewer", "zhou": "lead"}
    return {name: add_user(store, name, role) for name, role in roles.items()}


def test_a_second_review_is_blind_and_for_another_person(store: Store, people: dict[str, User]) -> None:
    set_rates(store, second=ALWAYS)
    case = add_case(store, people["owner"])
    decide(store, case, people["lin"], "reject")
    (second,) = cases_of(store, "second")
    assert (second.blind, second.first_case_id, second.state, second.cluster) == (True, case, "open", None)
    assert second.id not in open_to(store, people["lin"])
    assert second.id in open_to(store, people["wu"])
    assert second.id in open_to(store, people["zhou"])


def test_no_second_review_is_opened_that_nobody_could_take(store: Store) -> None:
    owner, lin = add_user(store, "owner", "submitter"), add_user(store, "lin")
    set_rates(store, second=ALWAYS)
    decide(store, add_case(store, owner), lin, "reject")
    assert cases_of(store, "second") == []


@pytest.mark.parametrize(("again", "outcome", "leads"), [("reject", "agreed", 0), ("approve", "differed", 1)])
def test_only_different_decisions_go_to_a_lead(
    store: Store, people: dict[str, User], again: str, outcome: str, leads: int
) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.quality.tables import samples

    set_rates(store, second=ALWAYS)
    case = add_case(store, people["owner"])
    decide(store, case, people["lin"], "reject")
    (second,) = cases_of(store, "second")
    decide(store, second.id, people["wu"], again)
    with store.database.reading() as connection:
        assert connection.execute(sa.select(samples.c.outcome)).scalar_one() == outcome
    opened = cases_of(store, "disagreement")
    assert len(opened) == leads
    for one in opened:
        assert (one.first_case_id, one.state, one.blind) == (case, "escalated", False)
        assert one.id in open_to(store, people["zhou"])
        assert one.id not in open_to(store, people["lin"])
        assert one.id not in open_to(store, people["wu"])


def test_a_withdrawn_decision_takes_its_disagreement_back(store: Store, people: dict[str, User]) -> None:
    set_rates(store, second=ALWAYS)
    case = add_case(store, people["owner"])
    decide(store, case, people["lin"], "reject")
    (second,) = cases_of(store, "second")
    decide(store, second.id, people["wu"], "approve")
    withdraw(store, second.id, people["wu"])
    assert cases_of(store, "disagreement") == []
    decide(store, second.id, people["wu"], "reject")
    assert cases_of(store, "disagreement") == []


def test_a_first_decision_that_is_repeated_draws_no_further_review(
    store: Store, people: dict[str, User]
) -> None:
    set_rates(store, second=ALWAYS)
    case = add_case(store, people["owner"])
    decide(store, case, people["lin"], "reject")
    withdraw(store, case, people["lin"])
    decide(store, case, people["lin"], "approve")
    (second,) = cases_of(store, "second")
    decide(store, second.id, people["wu"], "reject")
    assert len(cases_of(store, "second")) == len(cases_of(store, "disagreement")) == 1


def test_what_a_lead_changes_later_is_no_answer_of_the_two(store: Store, people: dict[str, User]) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.quality.tables import samples

    set_rates(store, second=ALWAYS)
    case = add_case(store, people["owner"])
    decide(store, case, people["lin"], "reject")
    (second,) = cases_of(store, "second")
    decide(store, second.id, people["wu"], "approve")
    decide(store, case, people["zhou"], "approve")
    with store.database.reading() as connection:
        assert connection.execute(sa.select(samples.c.outcome)).scalar_one() == "differed"


def test_the_due_time_is_as_long_as_the_first_one(
    store: Store, people: dict[str, User], clock: TestClock
) -> None:
    set_rates(store, second=ALWAYS)
    case = add_case(store, people["owner"])
    clock.forward(hours=3)
    decide(store, case, people["lin"], "reject")
    (second,) = cases_of(store, "second")
    assert second.opened_at == clock.time
    assert (second.due_at - second.opened_at).total_seconds() == 4 * 3600


def test_the_keyed_hash_draws_the_share_that_was_set() -> None:
    from smsvet_api.store.quality.rates import number_of

    drawn = sum(number_of("5e" * 32, "second", case) < (1 << 64) // 20 for case in range(20_000))
    assert 900 <= drawn <= 1100
    other = [number_of("5f" * 32, "second", case) for case in range(100)]
    assert other != [number_of("5e" * 32, "second", case) for case in range(100)]
    assert other != [number_of("5f" * 32, "golden", case) for case in range(100)]


@pytest.mark.parametrize("rate", [-1, 10_001])
def test_a_rate_outside_its_range_is_refused(store: Store, rate: int) -> None:
    from smsvet_api.store.errors import RefusedError

    with pytest.raises(RefusedError, match="second: expected 0 to 10000"):
        set_rates(store, second=rate)
