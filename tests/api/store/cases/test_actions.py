"""Who may do what with a case: every role, state and holder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, get_args

import pytest

from smsvet_api.store.accounts.roles import ROLES, SCOPES_OF, Role, Scope
from smsvet_api.store.accounts.users import User
from smsvet_api.store.cases.actions import ACTIONS, Action, actions_for
from smsvet_api.store.cases.case import Case, Resolution

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
ME, OTHER = 1, 2
SOON = timedelta(minutes=5)


def user(role: Role) -> User:
    return User(ME, "lin", role, SCOPES_OF[role])


def case(state: str, holder: str, **changes: Any) -> Case:
    """Return a case: `free`, or claimed, lapsed or held by me or another; decided by me or another just now or long ago."""
    whom = {"me": ME, "other": OTHER}.get(holder.partition(" ")[0])
    lapsed = holder.endswith("lapsed")
    made = Case(
        row=None,
        id=7,
        state=state,
        origin="verdict",
        version=3,
        holder_id=None if state == "decided" else whom,
        holder="wu" if whom == OTHER else None,
        locked_at=NOW - timedelta(minutes=5) if whom else None,
        locked_until=(NOW - SOON if lapsed else NOW + SOON) if whom and state != "held" else None,
        held_until=(NOW - SOON if lapsed else NOW + SOON) if state == "held" else None,
        resolution=None,
        eligible=True,
        active_id=7 if whom == ME and state in ("open", "escalated") and not lapsed else None,
        held=1 if whom == ME and state == "held" and not lapsed else 0,
    )
    if state == "decided":
        at = NOW - (timedelta(hours=1) if lapsed else timedelta(seconds=5))
        decided = Resolution(1, whom or OTHER, "wu", "reject", at, at + timedelta(seconds=15), sent=False)
        made = replace(made, resolution=decided)
    return replace(made, **changes)


SITUATIONS = [
    ("open", "free"), ("open", "me"), ("open", "me lapsed"), ("open", "other"), ("open", "other lapsed"),
    ("escalated", "free"), ("escalated", "me"), ("escalated", "other"),
    ("held", "me"), ("held", "other"), ("held", "other lapsed"),
    ("decided", "me"), ("decided", "me lapsed"), ("decided", "other"), ("decided", "other lapsed"),
]  # fmt: skip

REVIEWER: dict[tuple[str, str], str] = {
    ("open", "free"): "claim decide hold escalate",
    ("open", "me"): "claim heartbeat release decide hold skip escalate",
    ("open", "me lapsed"): "claim heartbeat release decide hold skip escalate",
    ("open", "other"): "",
    ("open", "other lapsed"): "claim decide hold escalate",
    ("escalated", "free"): "",
    ("escalated", "me"): "heartbeat release skip",
    ("escalated", "other"): "",
    ("held", "me"): "claim release decide hold escalate",
    ("held", "other"): "",
    ("held", "other lapsed"): "claim decide hold escalate",
    ("decided", "me"): "undo",
    ("decided", "me lapsed"): "",
    ("decided", "other"): "",
    ("decided", "other lapsed"): "object",
}
LEAD = {
    ("open", "free"): "claim decide hold escalate reassign",
    ("open", "me"): "claim heartbeat release decide hold skip escalate reassign",
    ("open", "me lapsed"): "claim heartbeat release decide hold skip escalate reassign",
    ("open", "other"): "release reassign",
    ("open", "other lapsed"): "claim release decide hold escalate reassign",
    ("escalated", "free"): "claim decide hold reassign",
    ("escalated", "me"): "claim heartbeat release decide hold skip reassign",
    ("escalated", "other"): "release reassign",
    ("held", "me"): "claim release decide hold escalate reassign",
    ("held", "other"): "release reassign",
    ("held", "other lapsed"): "claim release decide hold escalate reassign",
    ("decided", "me"): "undo",
    ("decided", "me lapsed"): "reopen",
    ("decided", "other"): "",
    ("decided", "other lapsed"): "reopen",
}


def allowed(given: Case, who: User) -> set[Action]:
    return {action for action, refusal in actions_for(given, who, NOW).items() if refusal is None}


@pytest.mark.parametrize(("role", "situation"), list(product(ROLES, SITUATIONS)))
def test_every_role_state_and_holder(role: Role, situation: tuple[str, str]) -> None:
    table = {"reviewer": REVIEWER, "lead": LEAD}.get(role)
    expected = set(table[situation].split()) if table else set()
    if role in ("reviewer", "lead", "auditor"):
        expected.add("read")
    assert allowed(case(*situation), user(role)) == expected


def test_the_tables_cover_every_situation_and_every_action() -> None:
    assert set(REVIEWER) == set(LEAD) == set(SITUATIONS)
    assert (
        {"read", *" ".join((*REVIEWER.values(), *LEAD.values())).split()}
        == set(ACTIONS)
        == set(get_args(Action))
    )


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"eligible": False}, "claim decide hold escalate"),
        ({"active_id": 9}, "claim"),
        ({"held": 3}, "hold"),
    ],
)
def test_what_else_forbids_a_free_case(changes: dict[str, Any], lost: str) -> None:
    before, after = (allowed(case("open", "free", **more), user("reviewer")) for more in ({}, changes))
    assert before - after == set(lost.split())


def test_a_case_that_a_lead_has_on_hold_stays_for_leads() -> None:
    held = case("held", "other lapsed", for_leads=True)
    assert allowed(held, user("reviewer")) == {"read"}
    assert allowed(held, user("lead")) == {"read", "claim", "release", "decide", "hold", "reassign"}


@pytest.mark.parametrize(("role", "scope"), [("reviewer", "cases"), ("lead", "cases"), ("lead", "read")])
def test_a_key_that_only_reads_may_read(role: Role, scope: Scope) -> None:
    reading = replace(user(role), scopes=frozenset({scope}), key_prefix="smsvet_x")
    assert all(allowed(case(*situation), reading) == {"read"} for situation in SITUATIONS)


def test_a_quality_case_is_never_reopened() -> None:
    for origin in ("second", "golden"):
        assert "object" not in allowed(case("decided", "other lapsed", origin=origin), user("reviewer"))
        assert "reopen" not in allowed(case("decided", "other lapsed", origin=origin), user("lead"))


def test_a_sent_message_ends_the_undo() -> None:
    made = case("decided", "me")
    assert made.resolution is not None
    sent = replace(made, resolution=replace(made.resolution, sent=True))
    refusal = actions_for(sent, user("reviewer"), NOW)["undo"]
    assert refusal is not None
    assert refusal.name == "too-late"


def test_a_key_without_the_scope_changes_nothing() -> None:
    narrowed = User(ME, "lin", "lead", frozenset({"read"}), "a1b2c3d4")
    assert allowed(case("open", "free"), narrowed) == {"read"}


def test_each_refusal_is_in_both_languages() -> None:
    for role, situation in product(ROLES, SITUATIONS):
        for refusal in actions_for(case(*situation), user(role), NOW).values():
            if refusal is not None:
                assert refusal.english.isascii()
                assert not refusal.chinese.isascii()
