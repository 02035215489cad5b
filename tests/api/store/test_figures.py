"""The figures of the dashboard, of all rules, of overturned decisions and disagreements, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from .decided import FINDING, add_case, add_user, cases_of, decide, set_rates, withdraw

if TYPE_CHECKING:
    from smsvet_api.store.accounts.users import User
    from smsvet_api.store.dashboard.scope import Scope
    from smsvet_api.store.store import Store

    from .databases import TestClock

RULE, OTHER = FINDING["rule"], "content/medical"
WEAK = {"rule": OTHER, "decision": "manual_review", "text": "名医"}
HOUR = timedelta(hours=1)


@pytest.fixture
def people(store: Store) -> dict[str, User]:
    roles = {"shop": "submitter", "lin": "reviewer", "wu": "reviewer", "zhou": "lead", "qian": "rule_manager"}
    return {name: add_user(store, name, role) for name, role in roles.items()}


def week(store: Store) -> Scope:
    from smsvet_api.store.dashboard.scope import Scope

    return Scope(store.now() - timedelta(days=7), store.now())


def test_what_waits_is_counted_by_age(store: Store, people: dict[str, User], clock: TestClock) -> None:
    from smsvet_api.store.dashboard.waiting import waiting_now

    set_rates(store)
    for hours in (20, 2.5, 1):
        add_case(store, people["shop"])
        clock.forward(hours=hours)
    add_case(store, people["shop"])
    decide(store, add_case(store, people["shop"]), people["lin"], "reject")
    found = waiting_now(store, people["zhou"], week(store))
    assert (found.open, found.overdue, found.due_soon) == (4, 1, 1)
    assert found.ages == (1, 2, 0, 1, 0, 0)  # just now, 1 and 3.5 hours ago, 23.5 hours ago
    assert found.median_age == 3.5 * HOUR  # the older of the two in the middle
    assert (found.decided_today, found.decided_yesterday) == (1, 0)
    assert found.today == datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert waiting_now(store, people["wu"], week(store)).decided_today == 0
    elsewhere = waiting_now(store, people["qian"], replace(week(store), provider="aliyun"))
    assert (elsewhere.open, elsewhere.median_age, sum(elsewhere.ages)) == (0, None, 0)


def test_a_period_is_counted_in_days_of_china(
    store: Store, people: dict[str, User], clock: TestClock
) -> None:
    from smsvet_api.store.dashboard.flow import flow

    set_rates(store)
    late = add_case(store, people["shop"])  # 17:30 in China, due at 21:30
    clock.forward(hours=5)
    decide(store, late, people["lin"], "reject")
    clock.forward(hours=2)  # the next day in China
    decide(store, add_case(store, people["shop"]), people["wu"], "reject")
    clock.forward(hours=5)
    scope = week(store)
    found = flow(store, people["zhou"], scope)
    assert not found.hourly
    counted = [(one.at, one.arrived, one.decided, one.due, one.kept) for one in found.buckets if one.arrived]
    assert counted == [
        (datetime(2026, 11, 27, 16, tzinfo=UTC), 1, 1, 1, 0),
        (datetime(2026, 11, 28, 16, tzinfo=UTC), 1, 1, 1, 1),
    ]
    assert len(found.buckets) == 8
    assert (found.arrived, found.decided, found.kept.found, found.kept.items) == (2, 2, 1, 2)
    assert (found.submitted, found.automatic.found) == (2, 0)
    assert flow(store, people["wu"], scope).decided == 1
    assert flow(store, people["wu"], replace(scope, provider="tencent")).decided == 1
    assert flow(store, people["wu"], replace(scope, provider="aliyun")).decided == 0
    assert flow(store, people["zhou"], scope.before).arrived == 0


def test_a_day_is_shown_by_hour_and_a_year_by_day(
    store: Store, people: dict[str, User], clock: TestClock
) -> None:
    from smsvet_api.store.dashboard.flow import flow

    add_case(store, people["shop"])
    clock.forward(minutes=40)
    scope = week(store)
    day = flow(store, people["zhou"], replace(scope, since=scope.until - timedelta(days=1)))
    assert day.hourly
    assert [one.at.hour for one in day.buckets if one.arrived] == [9]
    year = flow(store, people["zhou"], replace(scope, since=scope.until - timedelta(days=365)))
    assert len(year.buckets) == 366
    assert year.arrived == 1


def test_outcomes_follow_decisions_and_their_withdrawal(
    store: Store, people: dict[str, User], clock: TestClock
) -> None:
    from smsvet_api.store.quality.rule_outcomes import rule_hits, rule_outcomes

    def outcome(rule: str) -> tuple[int, int, int, int]:
        end = store.now() + HOUR
        found = rule_outcomes(store, [RULE, OTHER], end - timedelta(days=1), end)
        return found[rule].hits, found[rule].caused, found[rule].reviewed, found[rule].overturned

    set_rates(store)
    strict = add_case(store, people["shop"])
    weak = add_case(store, people["shop"], decision="manual_review", findings=(WEAK,))
    assert (outcome(RULE), outcome(OTHER)) == ((1, 0, 0, 0), (1, 1, 0, 0))
    decide(store, strict, people["lin"], "approve", overturn="false_alarm")
    decide(store, weak, people["lin"], "approve")
    assert (outcome(RULE), outcome(OTHER)) == ((1, 0, 1, 1), (1, 1, 1, 0))
    withdraw(store, strict, people["lin"])
    assert outcome(RULE) == (1, 0, 0, 0)
    decide(store, strict, people["wu"], "reject")
    assert outcome(RULE) == (1, 0, 1, 0)
    end = store.now() + HOUR
    assert rule_hits(store, [RULE], end - 2 * HOUR, end) == {RULE: 1}
    assert rule_outcomes(store, [RULE, OTHER], end - 2 * HOUR, end, provider="aliyun") == {}
    assert set(rule_outcomes(store, [RULE, OTHER], end - 2 * HOUR, end, "tencent", "notification")) == {
        RULE,
        OTHER,
    }


def test_a_blind_second_review_changes_no_outcome(store: Store, people: dict[str, User]) -> None:
    from smsvet_api.store.quality.rule_outcomes import rule_outcomes

    set_rates(store, second=10_000)
    decide(store, add_case(store, people["shop"]), people["lin"], "reject")
    decide(store, cases_of(store, "second")[0].id, people["wu"], "approve")
    end = store.now() + HOUR
    assert rule_outcomes(store, [RULE], end - 2 * HOUR, end)[RULE].overturned == 0


def test_overturned_decisions_are_listed_newest_first(store: Store, people: dict[str, User]) -> None:
    from smsvet_api.store.quality.overturned import overturned_decisions

    set_rates(store)
    numbers = [add_case(store, people["shop"], text=f"第{number}件") for number in range(3)]
    for case in numbers:
        decide(store, case, people["lin"], "approve", overturn="false_alarm", note="误报")
    decide(store, add_case(store, people["shop"]), people["lin"], "reject")
    end = store.now() + HOUR
    page, following = overturned_decisions(store, RULE, end - 2 * HOUR, end, limit=2)
    assert [(one.text, one.reason, one.reviewer, one.note) for one in page] == [
        ("第2件", "false_alarm", "lin", "误报"),
        ("第1件", "false_alarm", "lin", "误报"),
    ]
    rest, last = overturned_decisions(store, RULE, end - 2 * HOUR, end, following, 2)
    assert ([one.case_id for one in rest], last) == (numbers[:1], None)
    assert overturned_decisions(store, OTHER, end - 2 * HOUR, end) == ([], None)


def test_a_rule_floods_above_three_times_its_baseline(
    store: Store, people: dict[str, User], clock: TestClock
) -> None:
    from smsvet_api.store.quality.flooding import flooding

    for _ in range(7):  # three each day
        for _ in range(3):
            add_case(store, people["shop"], decision="manual_review", findings=(WEAK,))
        clock.forward(days=1)
    clock.forward(minutes=-1)
    assert flooding(store, [RULE, OTHER], store.now()) == []
    for _ in range(10):
        add_case(store, people["shop"], decision="manual_review", findings=(WEAK,))
    clock.forward(minutes=1)
    (found,) = flooding(store, [RULE, OTHER], store.now() + timedelta(seconds=1))
    assert (found.rule, found.words) == (OTHER, (("名医", found.hits),))
    assert found.hits >= 10 > 3 * found.baseline > 0
    assert flooding(store, [RULE], store.now() + HOUR) == []


def test_a_disagreement_has_both_answers_and_the_settlement(store: Store, people: dict[str, User]) -> None:
    from smsvet_api.store.quality.disagreements import disagreements

    set_rates(store, second=10_000)
    case = add_case(store, people["shop"], text="请核实")
    decide(store, case, people["lin"], "reject")
    decide(store, cases_of(store, "second")[0].id, people["wu"], "approve")
    ((one,), following) = disagreements(store)
    assert (one.case_id, one.text, one.first, one.first_reviewer) == (case, "请核实", "reject", "lin")
    assert (one.second, one.second_reviewer, one.settled, following) == ("approve", "wu", None, None)
    (settles,) = cases_of(store, "disagreement")
    assert one.lead_case == settles.id
    decide(store, settles.id, people["zhou"], "approve")
    assert disagreements(store)[0][0].settled == "approve"
    assert disagreements(store, before=one.id) == ([], None)


def test_endpoints_with_messages_in_vain_are_listed(
    store: Store, people: dict[str, User], clock: TestClock
) -> None:
    from smsvet_api.store.dashboard.deliveries import failing_endpoints
    from smsvet_api.store.webhooks.delivering import Attempt, claim_due, record_attempt
    from smsvet_api.store.webhooks.endpoints import add_endpoint
    from smsvet_api.store.webhooks.kinds import DECIDED
    from smsvet_api.store.webhooks.outbox import enqueue

    add_endpoint(store, people["shop"], "https://shop.invalid/hook", [DECIDED])
    at = store.now()
    with store.database.transaction() as connection:
        enqueue(connection, people["shop"].id, DECIDED, {"id": "a"}, at, at)
    assert failing_endpoints(store) == []
    (message,) = claim_due(store, 10)
    record_attempt(store, message, Attempt(503, 20, "busy"))
    (found,) = failing_endpoints(store)
    assert (found.host, found.owner, found.retried, found.dead) == ("shop.invalid", "shop", 1, 0)


def test_due_narrows_the_queue(store: Store, people: dict[str, User], clock: TestClock) -> None:
    from smsvet_api.store.cases.filters import Filters
    from smsvet_api.store.cases.listing import queue

    first = add_case(store, people["shop"])
    clock.forward(hours=3, minutes=30)
    second = add_case(store, people["shop"])

    def rows(due: str) -> list[int]:
        found = queue(store, people["zhou"], Filters(due=due))  # type: ignore[arg-type]
        assert found.counts.open == len(found.rows)
        return [row.id for row in found.rows]

    assert (rows("overdue"), rows("soon")) == ([], [first])
    clock.forward(hours=1)
    assert (rows("overdue"), rows("soon")) == ([first], [])
    clock.forward(hours=3)
    assert (rows("overdue"), rows("soon")) == ([first, second], [])
