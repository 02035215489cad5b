"""The queue, one case, decisions and clusters as pages show them, and blind cases."""

from __future__ import annotations

import pytest

from smsvet_api.store.cases.claiming import claim, claim_next, skip
from smsvet_api.store.cases.clusters import Difference, differences, view_cluster
from smsvet_api.store.cases.counting import Counts
from smsvet_api.store.cases.day import Day, own_day
from smsvet_api.store.cases.deciding import undo
from smsvet_api.store.cases.decisions import DecisionFilters, list_decisions
from smsvet_api.store.cases.filters import Filters
from smsvet_api.store.cases.handover import escalate, hold
from smsvet_api.store.cases.listing import Order, queue
from smsvet_api.store.cases.view import view_case
from smsvet_api.store.errors import ForbiddenError, NotFoundError, RefusedError

from ..databases import TestClock
from .desk import ADVICE, MANUAL, REJECT, Desk, approve, hours, reject


def test_the_counts_of_the_queue(desk: Desk, clock: TestClock) -> None:
    lin, wu, zhou = desk.person("lin"), desk.person("wu"), desk.person("zhou", "lead")
    desk.case(MANUAL, due=clock() - hours(1))
    desk.case(MANUAL, due=clock() + hours(0.5))
    desk.case(MANUAL, due=clock() + hours(9))
    desk.case(REJECT, kind="signature", due=clock() + hours(9))
    held, escalated = desk.case(MANUAL), desk.case(MANUAL)
    hold(desk.store, lin, held, clock() + hours(1))
    escalate(desk.store, lin, escalated)
    got = claim_next(desk.store, wu, Filters(kind="template"))
    assert got is not None
    found = queue(desk.store, lin, Filters(kind="template")).counts
    assert found == Counts(3, 1, 1, 1, 1, 1, 0, got.locked_until)
    assert queue(desk.store, zhou).counts.escalated == 1
    assert [row.id for row in queue(desk.store, lin, Filters(state="held")).rows] == [held]
    assert queue(desk.store, wu, Filters(state="held")).rows == ()
    assert [row.id for row in queue(desk.store, zhou, Filters(state="escalated")).rows] == [escalated]
    with pytest.raises(ForbiddenError):
        queue(desk.store, lin, Filters(state="escalated"))


def test_pages_follow_each_other_in_the_order_of_claims(desk: Desk, clock: TestClock) -> None:
    for number in range(7):
        desk.case(*((MANUAL,) if number % 2 else (REJECT,)), due=clock() + hours(number % 3))
    lin = desk.person("lin")
    whole = [row.id for row in queue(desk.store, lin).rows]
    seen: list[int] = []
    cursor = None
    while True:
        page = queue(desk.store, lin, cursor=cursor, limit=3)
        seen += [row.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == whole
    claimed = []
    for number in range(7):
        got = claim_next(desk.store, desk.person(f"r{number}"))
        claimed.append(got.case_id if got else None)
    assert claimed == whole
    for wrong in ("x", "WzFd", "é", "WzEsIjEiLDFd" * 9):
        with pytest.raises(RefusedError):
            queue(desk.store, lin, cursor=wrong)


@pytest.mark.parametrize("order", ["due", "newest"])
def test_the_queue_has_other_orders(desk: Desk, clock: TestClock, order: Order) -> None:
    made = [desk.case(MANUAL, due=clock() + hours(number % 3 + 1)) for number in range(7)]
    expected = {"newest": made[::-1], "due": sorted(made, key=lambda case: (made.index(case) % 3, case))}[
        order
    ]
    lin = desk.person("lin")
    seen: list[int] = []
    cursor = None
    while True:
        page = queue(desk.store, lin, cursor=cursor, limit=3, order=order)
        seen += [row.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == expected


def test_a_row_has_the_places_of_its_findings(desk: Desk) -> None:
    place = {"field": "body", "start": 3, "end": 7}
    far = {"field": "body", "start": 500, "end": 510}
    split = place | {"spans": [[1, 2], [198, 230]]}
    desk.case(MANUAL | place, {**MANUAL, "rule": "contact/far"} | far, REJECT | split, ADVICE | place)
    (row,) = queue(desk.store, desk.person("lin")).rows
    assert [(one.start, one.end, one.decision) for one in row.marks] == [
        (3, 7, "manual_review"),
        (1, 2, "reject"),
        (198, 200, "reject"),
    ]


def test_the_day_of_a_reviewer(desk: Desk, clock: TestClock) -> None:
    lin = desk.person("lin")
    first, second, third = (desk.case(REJECT) for _ in range(3))
    desk.decide(lin, first, reject())
    clock.forward(hours=24)
    assert own_day(desk.store, lin) == Day(0, None)
    desk.decide(lin, second, reject())
    hold(desk.store, lin, third, clock() + hours(5))
    assert own_day(desk.store, lin) == Day(1, clock() + hours(5))
    undo(desk.store, lin, second)
    assert own_day(desk.store, lin).decided == 0


def test_a_row_shows_text_findings_urgency_and_who_has_it(desk: Desk, clock: TestClock) -> None:
    case = desk.case(REJECT, MANUAL, due=clock() + hours(10), cluster="c" * 32)
    desk.case(REJECT, cluster="c" * 32)
    claim(desk.store, desk.person("wu"), case)
    row, _ = sorted(queue(desk.store, desk.person("lin")).rows, key=lambda row: row.id)
    assert (row.text[:6], row.decision, row.rules) == (
        "【云雀科技】",
        "reject",
        (REJECT["rule"], MANUAL["rule"]),
    )
    assert (row.holder, row.similar, row.level, row.risk) == ("wu", 2, "neutral", 82)
    clock.forward(hours=9)
    late = queue(desk.store, desk.person("lin")).rows
    assert {one.id: one.level for one in late}[case] == "red"
    assert {one.id: one.holder for one in late}[case] is None


def test_a_case_in_full(desk: Desk, clock: TestClock) -> None:
    lin, zhou = desk.person("lin"), desk.person("zhou", "lead")
    earlier = desk.case(MANUAL, cluster="c" * 32)
    desk.decide(lin, earlier, reject(note="引流", message="请删除"))
    case = desk.case(REJECT, cluster="c" * 32)
    claim(desk.store, lin, case)
    escalate(desk.store, lin, case, "拿不准")
    view = view_case(desk.store, zhou, case)
    assert view.submission == {"body": view.row.text}
    assert view.verdict is not None
    assert view.verdict["findings"] == [REJECT]
    assert [(one.kind, one.actor, one.note) for one in view.history] == [
        ("case.escalated", "user:lin", "拿不准")
    ]
    assert [(one.row.id, one.resolution) for one in view.similar] == [(earlier, "reject")]
    assert (view.submitted, view.rejected) == (1, 1)
    assert view.actions["claim"] is None
    assert view.actions["undo"] is not None
    (decided,) = view_case(desk.store, lin, earlier).history
    assert (decided.decision, decided.note, decided.message) == ("reject", "引流", "请删除")


def test_a_blind_case_hides_what_would_sway(desk: Desk) -> None:
    lin, wu = desk.person("lin"), desk.person("wu")
    case = desk.case(REJECT, cluster="c" * 32)
    desk.case(REJECT, cluster="c" * 32)
    desk.decide(lin, case, reject(note="引流"))
    second = desk.second(case)
    view = view_case(desk.store, wu, second)
    assert (view.verdict, view.history, view.similar, view.rejected) == (None, (), (), 0)
    assert (view.row.decision, view.row.rules, view.row.risk, view.row.cluster) == (None, (), None, None)
    row = next(row for row in queue(desk.store, wu).rows if row.id == second)
    assert (row.decision, row.rules, row.risk, row.similar) == (None, (), None, 0)
    assert second not in [row.id for row in queue(desk.store, wu, Filters(rule=REJECT["rule"])).rows]
    assert second not in [row.id for row in queue(desk.store, lin).rows]
    with pytest.raises(NotFoundError):
        view_case(desk.store, lin, second)
    assert second not in [one.row.id for one in view_cluster(desk.store, wu, "c" * 32).members]
    assert view_case(desk.store, desk.person("audit", "auditor"), second).verdict is not None


def test_a_disagreement_shows_a_lead_both_decisions(desk: Desk) -> None:
    from ..decided import cases_of, set_rates

    set_rates(desk.store, second=10_000)
    lin, wu, zhou = desk.person("lin"), desk.person("wu"), desk.person("zhou", "lead")
    case = desk.case(MANUAL)
    desk.decide(lin, case, reject())
    (second,) = cases_of(desk.store, "second")
    assert view_case(desk.store, wu, second.id).earlier == ()
    desk.decide(wu, second.id, approve())
    (differed,) = cases_of(desk.store, "disagreement")
    view = view_case(desk.store, zhou, differed.id)
    assert [(one.user, one.decision) for one in view.earlier] == [("lin", "reject"), ("wu", "approve")]
    with pytest.raises(NotFoundError):
        view_case(desk.store, lin, differed.id)
    got = claim_next(desk.store, zhou, Filters(state="escalated"))
    assert got is not None
    desk.decide(zhou, differed.id, approve(), got.version)
    assert desk.submission(case).status == "approved"
    undo(desk.store, zhou, differed.id)
    assert (desk.row(differed.id).state, desk.submission(case).status) == ("escalated", "rejected")


def test_a_golden_item_looks_like_any_other_case(desk: Desk) -> None:
    original = desk.case(REJECT, cluster="c" * 32)
    desk.decide(desk.person("lin"), original, reject())
    ordinary, golden = desk.case(REJECT, cluster="c" * 32), desk.golden(original)
    wu = desk.person("wu")
    one, other = view_case(desk.store, wu, ordinary), view_case(desk.store, wu, golden)
    assert (one.origin, other.origin) == ("verdict", "verdict")
    assert one.row.blind is other.row.blind is False
    assert one.submitted == other.submitted == 1, "the copy has another owner"
    assert original not in [found.row.id for found in other.similar], "its original has the answer"
    assert view_case(desk.store, desk.person("zhou", "lead"), golden).origin == "golden"


@pytest.mark.parametrize("role", ["submitter", "rule_manager", "admin"])
def test_other_roles_see_no_case(desk: Desk, role: str) -> None:
    case = desk.case(MANUAL)
    other = desk.person("other", role)  # type: ignore[arg-type]
    for look in (
        lambda: queue(desk.store, other),
        lambda: view_case(desk.store, other, case),
        lambda: list_decisions(desk.store, other),
        lambda: view_cluster(desk.store, other, "c" * 32),
    ):
        with pytest.raises(ForbiddenError):
            look()


def test_a_reviewer_lists_own_decisions_a_lead_and_an_auditor_all(desk: Desk, clock: TestClock) -> None:
    lin, wu, zhou = desk.person("lin"), desk.person("wu"), desk.person("zhou", "lead")
    first, second, third = desk.case(MANUAL), desk.case(MANUAL, kind="signature"), desk.case(REJECT)
    desk.decide(lin, first, reject())
    clock.forward(hours=1)
    desk.decide(wu, second)
    desk.decide(lin, third, approve(overturn="false_alarm"))
    assert [row.case_id for row in list_decisions(desk.store, lin).rows] == [third, first]
    everything = list_decisions(desk.store, desk.person("audit", "auditor")).rows
    assert [(row.case_id, row.user) for row in everything] == [(third, "lin"), (second, "wu"), (first, "lin")]
    narrowed = {
        DecisionFilters(user="wu"): [second],
        DecisionFilters(decision="reject"): [first],
        DecisionFilters(overturn="false_alarm"): [third],
        DecisionFilters(kind="signature"): [second],
        DecisionFilters(since=clock()): [third, second],
        DecisionFilters(until=clock()): [first],
        DecisionFilters(case_id=first, withdrawn=False): [first],
        DecisionFilters(withdrawn=True): [],
    }
    for filters, ids in narrowed.items():
        assert [row.case_id for row in list_decisions(desk.store, zhou, filters).rows] == ids, filters
    page = list_decisions(desk.store, zhou, limit=2)
    assert [row.case_id for row in list_decisions(desk.store, zhou, cursor=page.next).rows] == [first]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("【云雀】您好", "【白鹭】您好", [("brand", "白鹭", "云雀")]),
        ("您好【云雀】", "您好", [("brand", "", "云雀")]),
        ("满100减20", "满300减20", [("number", "300", "100")]),
        ("回复1退订", "回复退订", [("number", "", "1")]),
        ("尊敬的{1}", "尊敬的{name}", [("parameter", "{name}", "{1}")]),
        ("课程", "课题", [("text", "题", "程")]),
        ("【云雀】满100", "【白鹭】满200", [("brand", "白鹭", "云雀"), ("number", "200", "100")]),
        ("一样", "一样", []),
    ],
)
def test_a_member_differs_in_brand_number_or_parameter(
    ours: str, theirs: str, expected: list[tuple[str, str, str]]
) -> None:
    found = differences(ours, theirs)
    assert [(one.kind, one.theirs, one.ours) for one in found] == expected
    assert all(isinstance(one, Difference) for one in found)


def test_a_skipped_case_stays_in_the_list(desk: Desk) -> None:
    case = desk.case(MANUAL)
    lin = desk.person("lin")
    claim_next(desk.store, lin)
    skip(desk.store, lin, case)
    assert [row.id for row in queue(desk.store, lin).rows] == [case]
