"""Decisions: stored once, refused when somebody else came, undone within 15 seconds, reopened afterwards."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from smsvet_api.store.cases.actions import MOST_HELD
from smsvet_api.store.cases.choice import Choice
from smsvet_api.store.cases.claiming import claim, claim_next, release
from smsvet_api.store.cases.deciding import VersionConflictError, undo
from smsvet_api.store.cases.handover import escalate, hold, object_to, reassign, reopen
from smsvet_api.store.cases.view import view_case
from smsvet_api.store.errors import ConflictError, ForbiddenError, RefusedError
from smsvet_api.store.trail.tables import events

from ..databases import TestClock
from .desk import ADVICE, MANUAL, REJECT, Desk, approve, hours, reject


def test_a_decision_is_stored_with_its_event_its_messages_and_the_status(
    desk: Desk, clock: TestClock
) -> None:
    desk.webhook()
    case = desk.case(MANUAL)
    lin = desk.person("lin")
    got = claim_next(desk.store, lin)
    assert got is not None
    done = desk.decide(lin, case, reject(note="看过了", message="请删除链接"), got.version)
    row, (resolution,), submission, (message,) = (
        desk.row(case), desk.resolutions(case), desk.submission(case), desk.outbox(),
    )  # fmt: skip
    assert (row.state, row.holder_id, row.version) == ("decided", None, done.version)
    assert (resolution.decision, resolution.reasons, resolution.note) == (
        "reject",
        ["link/in-template"],
        "看过了",
    )
    assert (submission.status, submission.final_at) == ("rejected", done.final_at)
    assert (done.final_at - clock()).total_seconds() == 15
    assert (message.kind, message.state, message.due_at) == ("submission.decided", "waiting", done.final_at)
    assert "请删除链接" in message.body.encode().decode("unicode_escape")
    assert desk.kinds(case) == ["case.decided"]
    (event,) = desk.rows(sa.select(events))
    assert event.actor == "user:lin"
    assert "看过了".encode("unicode_escape").decode() not in event.body


def test_a_repeated_request_is_answered_as_before(desk: Desk) -> None:
    case, other = desk.case(MANUAL), desk.case(MANUAL)
    lin = desk.person("lin")
    first = desk.decide(lin, case, reject(), 1, "request-1")
    again = desk.decide(lin, case, reject(), 1, "request-1")
    assert (again.resolution_id, again.replayed) == (first.resolution_id, True)
    assert len(desk.resolutions(case)) == 1
    for choice, target in ((approve(), case), (reject(), other)):
        with pytest.raises(ConflictError) as refused:
            desk.decide(lin, target, choice, 1, "request-1")
        assert refused.value.name == "id-reused"
    undo(desk.store, lin, case)
    with pytest.raises(ConflictError, match="withdrawn"):
        desk.decide(lin, case, reject(), 1, "request-1")


def test_a_decision_after_the_lock_ran_out_is_accepted_if_nobody_came(desk: Desk, clock: TestClock) -> None:
    case = desk.case(MANUAL)
    lin = desk.person("lin")
    got = claim_next(desk.store, lin)
    assert got is not None
    clock.forward(hours=5)
    assert desk.decide(lin, case, approve(), got.version).decision == "approve"


def test_a_decision_is_refused_if_somebody_came(desk: Desk, clock: TestClock) -> None:
    case = desk.case(MANUAL)
    lin, wu = desk.person("lin"), desk.person("wu")
    got = claim_next(desk.store, lin)
    assert got is not None
    clock.forward(minutes=11)
    other = claim_next(desk.store, wu)
    assert other is not None
    with pytest.raises(VersionConflictError) as refused:
        desk.decide(lin, case, reject(), got.version)
    assert refused.value.extension["conflict"]["theirs"] == {"user": "wu", "decision": None, "at": None}
    at = clock()
    desk.decide(wu, case, approve(), other.version)
    with pytest.raises(VersionConflictError) as refused:
        desk.decide(lin, case, reject(), got.version)
    assert refused.value.extension == {
        "conflict": {
            "version": other.version + 1,
            "state": "decided",
            "theirs": {"user": "wu", "decision": "approve", "at": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"},
            "yours": {"decision": "reject"},
        }
    }
    assert refused.value.name == "version-conflict"
    assert len(desk.resolutions(case)) == 1


def test_nobody_decides_what_another_has(desk: Desk) -> None:
    case = desk.case(MANUAL)
    claim(desk.store, desk.person("lin"), case)
    with pytest.raises(ConflictError, match="lin is working"):
        desk.decide(desk.person("wu"), case)


OWED = [
    ("approve against a reject", (REJECT,), approve(), True),
    ("approve against a doubt", (MANUAL,), approve(), False),
    ("reject with a finding", (MANUAL,), reject(), False),
    ("reject without any finding", (), reject("house/spam"), True),
    ("reject with advice only", (ADVICE,), reject("house/spam"), True),
]


def test_a_contradiction_of_the_machine_owes_one_reason(desk: Desk) -> None:
    lin = desk.person("lin")
    for name, findings, choice, owed in OWED:
        case = desk.case(*findings)
        reason = Choice(choice.decision, choice.reasons, "false_alarm")
        with pytest.raises(RefusedError) as refused:
            desk.decide(lin, case, choice if owed else reason)
        assert refused.value.field == "overturn", name
        desk.decide(lin, case, reason if owed else choice)
        assert desk.resolutions(case)[0].overturn == ("false_alarm" if owed else None), name


def test_a_blind_case_owes_none_because_the_demand_would_show_the_verdict(desk: Desk) -> None:
    first = desk.case(REJECT)
    desk.decide(desk.person("lin"), first, reject())
    second = desk.second(first)
    desk.decide(desk.person("wu"), second, approve())
    assert desk.submission(second).status == "rejected", "a second review does not reach the submitter"


REFUSED = [
    ("reasons", Choice("reject")),
    ("reasons", Choice("reject", ("a", "a"))),
    ("reasons", Choice("reject", ("not a rule",))),
    ("reasons", Choice("reject", tuple(f"rule/{number}" for number in range(21)))),
    ("note", Choice("approve", overturn="other")),
    ("note", Choice("approve", note="x" * 4001)),
    ("note", Choice("approve", note="\0")),
    ("message", Choice("approve", message="\ud800")),
    ("decision", Choice("manual_review")),  # type: ignore[arg-type]
    ("overturn", Choice("approve", overturn="because")),  # type: ignore[arg-type]
]


def test_what_cannot_be_taken_is_named(desk: Desk) -> None:
    case = desk.case(REJECT)
    for field, choice in REFUSED:
        with pytest.raises(RefusedError) as refused:
            desk.decide(desk.person("lin"), case, choice)
        assert refused.value.field == field, choice
    with pytest.raises(RefusedError) as refused:
        desk.decide(desk.person("lin"), case, reject(), idem="short")
    assert refused.value.field == "idem"


@pytest.mark.parametrize(("seconds", "done"), [(14, True), (16, False)])
def test_an_undo_within_15_seconds(desk: Desk, clock: TestClock, seconds: int, done: bool) -> None:
    desk.webhook()
    case = desk.case(MANUAL)
    lin = desk.person("lin")
    choice = reject("contact/add-friend", note="备注", message="请修改")
    before = desk.decide(lin, case, choice)
    clock.forward(seconds=seconds)
    if not done:
        with pytest.raises(ConflictError) as refused:
            undo(desk.store, lin, case)
        assert refused.value.name == "too-late"
        assert desk.outbox()[0].state == "waiting"
        return
    got = undo(desk.store, lin, case)
    assert got.choice == choice
    row = desk.row(case)
    assert (row.state, row.holder_id, row.locked_until) == ("open", lin.id, got.locked_until)
    assert got.version == row.version == before.version + 1
    assert desk.resolutions(case)[0].withdrawn_at == clock()
    assert [one.state for one in desk.outbox()] == ["withdrawn"]
    assert (desk.submission(case).status, desk.submission(case).final_at) == ("in_review", None)
    assert desk.kinds(case) == ["case.decided", "decision.withdrawn"]
    desk.decide(lin, case, approve(), got.version)
    assert [one.state for one in desk.outbox()] == ["withdrawn", "waiting"]


def test_a_decision_whose_message_left_is_not_undone_when_the_clock_jumps_back(
    desk: Desk, clock: TestClock
) -> None:
    from smsvet_api.store.webhooks.tables import outbox

    desk.webhook()
    case = desk.case(MANUAL)
    lin = desk.person("lin")
    desk.decide(lin, case)
    with desk.store.database.transaction() as connection:
        connection.execute(outbox.update().values(state="sent"))
    clock.forward(seconds=-60)
    with pytest.raises(ConflictError) as refused:
        undo(desk.store, lin, case)
    assert refused.value.name == "too-late"


def test_only_the_own_decision_is_undone(desk: Desk) -> None:
    case = desk.case(MANUAL)
    desk.decide(desk.person("lin"), case)
    for name, role in (("wu", "reviewer"), ("zhou", "lead")):
        with pytest.raises(ForbiddenError):
            undo(desk.store, desk.person(name, role), case)  # type: ignore[arg-type]


def test_a_lead_reopens_and_the_earlier_resolution_stays(desk: Desk, clock: TestClock) -> None:
    desk.webhook()
    case = desk.case(MANUAL)
    lin, zhou = desk.person("lin"), desk.person("zhou", "lead")
    desk.decide(lin, case, approve())
    with pytest.raises(ConflictError, match="still undo"):
        reopen(desk.store, zhou, case)
    clock.forward(seconds=15)
    with pytest.raises(ForbiddenError):
        reopen(desk.store, lin, case)
    version = reopen(desk.store, zhou, case, "投诉")
    assert desk.submission(case).status == "in_review"
    assert claim_next(desk.store, lin) is None, "a reviewer decides no case twice"
    desk.decide(zhou, case, reject(), version)
    undo(desk.store, zhou, case)
    assert desk.submission(case).status == "in_review"
    desk.decide(zhou, case, reject())
    found = [(one.decision, one.withdrawn_at is None) for one in desk.resolutions(case)]
    assert found == [("approve", True), ("reject", False), ("reject", True)]
    assert desk.submission(case).status == "rejected"
    kinds = [one.kind for one in desk.outbox()]
    assert kinds == ["submission.decided", "submission.in_review", "submission.decided", "submission.decided"]


def test_a_held_case_waits_for_its_holder_and_then_for_anybody(desk: Desk, clock: TestClock) -> None:
    lin, wu = desk.person("lin"), desk.person("wu")
    made = [desk.case(MANUAL) for _ in range(MOST_HELD + 1)]
    for case in made[:MOST_HELD]:
        hold(desk.store, lin, case, clock() + hours(2), "等材料")
    with pytest.raises(ConflictError, match="at most 3"):
        hold(desk.store, lin, made[-1], clock() + hours(2))
    hold(desk.store, lin, made[0], clock() + hours(3))
    with pytest.raises(ConflictError, match="lin holds"):
        desk.decide(wu, made[0])
    got = claim_next(desk.store, wu)
    assert got is not None
    assert got.case_id == made[-1]
    release(desk.store, wu, made[-1])
    assert claim(desk.store, lin, made[0]).case_id == made[0]
    release(desk.store, lin, made[0])
    desk.decide(lin, made[1])
    clock.forward(hours=2)
    ids = set()
    for name in ("wu", "zhao", "qian"):
        taken = claim_next(desk.store, desk.person(name))
        ids.add(taken.case_id if taken else None)
    assert ids == {made[0], made[2], made[3]}


def test_a_hold_ends_in_the_future_within_30_days(desk: Desk, clock: TestClock) -> None:
    case = desk.case(MANUAL)
    for until in (clock(), clock() + hours(24 * 31)):
        with pytest.raises(RefusedError) as refused:
            hold(desk.store, desk.person("lin"), case, until)
        assert refused.value.field == "until"


def test_an_escalated_case_is_for_leads(desk: Desk) -> None:
    from smsvet_api.store.cases.filters import Filters

    case = desk.case(MANUAL)
    lin, zhou = desk.person("lin"), desk.person("zhou", "lead")
    escalate(desk.store, lin, case, "拿不准")
    assert claim_next(desk.store, lin) is None
    for refused in (lambda: claim(desk.store, lin, case), lambda: desk.decide(lin, case)):
        with pytest.raises(ForbiddenError):
            refused()
    with pytest.raises(ForbiddenError):
        claim_next(desk.store, lin, Filters(state="escalated"))
    got = claim_next(desk.store, zhou, Filters(state="escalated"))
    assert got is not None
    desk.decide(zhou, case, approve(), got.version)


def test_a_reviewer_objects_to_a_decision_of_somebody_else(desk: Desk, clock: TestClock) -> None:
    lin, wu, zhou = desk.person("lin"), desk.person("wu"), desk.person("zhou", "lead")
    case = desk.case(REJECT)
    desk.decide(lin, case, reject())
    with pytest.raises(ConflictError):
        object_to(desk.store, wu, case)  # it can still be undone
    clock.forward(seconds=16)
    for user in (lin, zhou):
        with pytest.raises(ForbiddenError):
            object_to(desk.store, user, case)
    object_to(desk.store, wu, case, "执照有效")
    view = view_case(desk.store, zhou, case)
    assert view.row.state == "escalated"
    assert (view.history[-1].kind, view.history[-1].note) == ("case.objected", "执照有效")
    desk.decide(zhou, case, approve(overturn="false_alarm"))


def test_a_lead_holds_an_escalated_case_which_then_waits_for_leads_again(
    desk: Desk, clock: TestClock
) -> None:
    case = desk.case(MANUAL)
    lin, zhou = desk.person("lin"), desk.person("zhou", "lead")
    escalate(desk.store, lin, case)
    hold(desk.store, zhou, case, clock() + hours(1))
    clock.forward(hours=2)
    with pytest.raises(ForbiddenError):
        claim(desk.store, lin, case)
    assert claim_next(desk.store, lin) is None
    assert desk.row(case).state == "escalated"
    hold(desk.store, zhou, case, clock() + hours(1))
    release(desk.store, zhou, case)
    assert desk.row(case).state == "escalated"
    desk.decide(zhou, case, approve())
    undo(desk.store, zhou, case)
    assert desk.row(case).state == "escalated"


def test_a_case_reassigned_by_a_lead_is_open_to_its_new_holder(desk: Desk, clock: TestClock) -> None:
    case = desk.case(MANUAL)
    lin, zhou = desk.person("lin"), desk.person("zhou", "lead")
    escalate(desk.store, lin, case)
    reassign(desk.store, zhou, case, "lin", "可以通过")
    claim(desk.store, lin, case)
    assert desk.row(case).state == "open"


def test_a_lead_gets_the_escalated_cases_first(desk: Desk) -> None:
    opened, escalated = desk.case(REJECT), desk.case(MANUAL)
    escalate(desk.store, desk.person("lin"), escalated)
    zhou = desk.person("zhou", "lead")
    for expected in (escalated, opened):
        got = claim_next(desk.store, zhou)
        assert got is not None
        assert got.case_id == expected
        desk.decide(zhou, expected, reject())


def test_a_lead_reassigns_a_case(desk: Desk) -> None:
    case = desk.case(MANUAL)
    lin, wu, zhou = desk.person("lin"), desk.person("wu"), desk.person("zhou", "lead")
    got = claim_next(desk.store, lin)
    assert got is not None
    with pytest.raises(ForbiddenError):
        reassign(desk.store, lin, case, "wu")
    for name in ("nobody", "shop"):
        with pytest.raises(RefusedError) as refused:
            reassign(desk.store, zhou, case, name)
        assert refused.value.field == "to"
    version = reassign(desk.store, zhou, case, "wu", "请接手")
    with pytest.raises(VersionConflictError):
        desk.decide(lin, case, approve(), got.version)
    desk.decide(wu, case, approve(), version)


def test_a_case_is_not_reassigned_to_who_decided_it_first(desk: Desk) -> None:
    first = desk.case(REJECT)
    desk.decide(desk.person("lin"), first, reject())
    with pytest.raises(RefusedError) as refused:
        reassign(desk.store, desk.person("zhou", "lead"), desk.second(first), "lin")
    assert refused.value.field == "to"
