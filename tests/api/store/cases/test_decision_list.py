"""The list of decisions: what it selects, and what a user may do with each one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsvet_api.store.cases.decision_actions import actions_on
from smsvet_api.store.cases.decisions import DecisionFilters, list_decisions
from smsvet_api.store.cases.handover import reopen

from ..databases import TestClock
from .desk import MANUAL, REJECT, Desk, approve, reject

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (DecisionFilters(), {"followed", "overturned"}),
        (DecisionFilters(overturned=True), {"overturned"}),
        (DecisionFilters(overturned=False), {"followed"}),
        (DecisionFilters(rule=REJECT["rule"]), {"overturned"}),
        (DecisionFilters(rule=MANUAL["rule"]), {"followed"}),
        (DecisionFilters(rule="no/such-rule"), set()),
    ],
)
def test_decisions_are_selected_by_rule_and_overturn(
    desk: Desk, filters: DecisionFilters, expected: set[str]
) -> None:
    lin = desk.person("lin")
    made = {"followed": desk.case(MANUAL), "overturned": desk.case(REJECT)}
    desk.decide(lin, made["followed"], reject())
    desk.decide(lin, made["overturned"], approve(overturn="false_alarm"))
    listed = {one.case_id for one in list_decisions(desk.store, lin, filters).rows}
    assert listed == {made[name] for name in expected}


def test_a_blind_case_does_not_show_its_rules_by_the_filter(desk: Desk, clock: TestClock) -> None:
    first = desk.case(REJECT)
    desk.decide(desk.person("wu"), first, reject())
    clock.forward(seconds=20)
    second = desk.second(first)
    desk.decide(desk.person("lin"), second, reject())
    filters = DecisionFilters(rule=REJECT["rule"])
    assert list_decisions(desk.store, desk.person("lin"), filters).rows == ()
    assert len(list_decisions(desk.store, desk.person("zhao", "lead"), filters).rows) == 2


def allowed(desk: Desk, name: str, role: Role, decision: int) -> list[str]:
    found = actions_on(desk.store, desk.person(name, role), [decision])[decision]
    return [action for action, refusal in found.items() if refusal is None]


def test_what_may_be_done_with_a_decision(desk: Desk, clock: TestClock) -> None:
    case = desk.case(REJECT)
    made = desk.decide(desk.person("lin"), case, reject()).resolution_id
    assert allowed(desk, "lin", "reviewer", made) == ["undo"]
    assert allowed(desk, "wu", "reviewer", made) == []
    assert allowed(desk, "zhao", "lead", made) == [], "it can still be undone"
    clock.forward(seconds=16)
    assert allowed(desk, "lin", "reviewer", made) == []
    assert allowed(desk, "zhao", "lead", made) == ["reopen"]
    assert allowed(desk, "audit", "auditor", made) == []
    reopen(desk.store, desk.person("zhao"), case, "补充材料")
    assert allowed(desk, "zhao", "lead", made) == []
    again = desk.decide(desk.person("zhao"), case, approve(overturn="false_alarm")).resolution_id
    assert allowed(desk, "zhao", "lead", made) == [], "a new decision is in force"
    assert allowed(desk, "zhao", "lead", again) == ["undo"]
