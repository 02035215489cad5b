"""Bulk decisions: each member of one machine verdict gets its own resolution; the others are left out and listed."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from smsvet_api.store.cases.bulk import BulkDecided, decide_bulk, preview_bulk
from smsvet_api.store.cases.choice import Choice
from smsvet_api.store.cases.claiming import claim
from smsvet_api.store.cases.clusters import differences, view_cluster
from smsvet_api.store.cases.deciding import undo
from smsvet_api.store.cases.decisions import DecisionFilters, list_decisions
from smsvet_api.store.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError

from .desk import MANUAL, REJECT, TEXT, Desk, approve, reject

CLUSTER = "c" * 32


def queries_of_preview(desk: Desk) -> int:
    counted: list[str] = []
    lin = desk.person("lin")

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.append(statement)

    engine = desk.store.database.engine
    event.listen(engine, "before_cursor_execute", count)
    preview_bulk(desk.store, lin, CLUSTER, reject())
    event.remove(engine, "before_cursor_execute", count)
    return len(counted)


def test_the_number_of_queries_does_not_grow_with_the_cluster(desk: Desk) -> None:
    desk.case(MANUAL, cluster=CLUSTER)
    queries_of_preview(desk)  # stores the reviewer
    few = queries_of_preview(desk)
    for _ in range(20):
        desk.case(MANUAL, cluster=CLUSTER)
    assert queries_of_preview(desk) == few


def decided(
    desk: Desk, versions: dict[int, int], choice: Choice | None = None, idem: str = ""
) -> BulkDecided:
    return decide_bulk(
        desk.store, desk.person("lin"), CLUSTER, versions, choice or reject(), idem or secrets.token_hex(8)
    )


def test_the_members_with_the_representative_s_verdict_are_decided_together(desk: Desk) -> None:
    lin, wu = desk.person("lin"), desk.person("wu")
    desk.webhook()
    doubted = [desk.case(MANUAL, cluster=CLUSTER) for _ in range(4)]
    other = desk.case(REJECT, MANUAL, cluster=CLUSTER)
    desk.case(MANUAL, cluster="d" * 32)
    claim(desk.store, wu, doubted[1])
    found = view_cluster(desk.store, lin, CLUSTER)
    assert {one.row.id for one in found.members} == {*doubted, other}
    assert found.members[0].row.id == doubted[0], "of the most frequent verdict, not the most urgent"
    assert [(one.decision, one.number) for one in found.verdicts] == [("manual_review", 4), ("reject", 1)]
    assert found.accounts == 1
    preview = preview_bulk(desk.store, lin, CLUSTER, reject())
    assert set(preview.versions) == {doubted[0], doubted[2], doubted[3]}
    assert {(one.case_id, one.reason) for one in preview.excluded} == {
        (other, "other_verdict"),
        (doubted[1], "locked"),
    }
    done = decided(desk, dict(preview.versions), idem="the-one-bulk")
    assert done.case_ids == (doubted[0], doubted[2], doubted[3])
    made = [desk.resolutions(case)[0] for case in done.case_ids]
    assert {one.bulk_id for one in made} == {done.bulk_id}
    assert len({one.idem for one in made}) == 3
    assert [desk.kinds(case) for case in done.case_ids] == [["case.decided"]] * 3
    assert [desk.row(case).state for case in (doubted[1], other)] == ["open", "open"]
    assert len(desk.outbox()) == 3
    again = decided(desk, dict(preview.versions), idem="the-one-bulk")
    assert (again.replayed, again.bulk_id, again.case_ids) == (True, done.bulk_id, done.case_ids)
    listed = list_decisions(desk.store, lin, DecisionFilters(bulk_id=done.bulk_id)).rows
    assert len(listed) == 3
    undo(desk.store, lin, doubted[2])
    assert [one.state for one in desk.outbox()].count("withdrawn") == 1


def test_a_cluster_shows_its_first_members_and_counts_all(desk: Desk) -> None:
    for _ in range(5):
        desk.case(MANUAL, cluster=CLUSTER)
    desk.case(MANUAL, cluster=CLUSTER, text=f"{TEXT}！")
    found = view_cluster(desk.store, desk.person("lin"), CLUSTER, 2)
    assert (len(found.members), found.size, found.verdicts[0].number) == (2, 6, 6)


@pytest.mark.parametrize(
    ("ours", "theirs", "kinds"),
    [
        (TEXT, TEXT, []),
        ("【云雀科技】您好", "【百合教育】您好", ["brand"]),
        ("验证码1234", "验证码56", ["number"]),
        ("您好{1}", "您好{name}", ["parameter"]),
        ("您好。", "您好！", ["text"]),
        ("您好，再见", "您好", ["text"]),
        ("甲1乙2", "甲3乙4", ["number", "number"]),
        ("啊" * 4000, "啊" * 4001, ["text"]),
        (
            "".join("甲乙丙"[n % 3] for n in range(3000)),
            "".join("甲乙丙"[n % 2] for n in range(3000)),
            ["text"],
        ),
    ],
)
def test_the_differences_of_two_texts(ours: str, theirs: str, kinds: list[str]) -> None:
    """Long texts of few characters are compared as a whole: part by part would take minutes."""
    assert [one.kind for one in differences(ours, theirs)] == kinds


def test_a_selection_of_other_verdicts_is_never_decided(desk: Desk) -> None:
    first, second = desk.case(MANUAL, cluster=CLUSTER), desk.case(MANUAL, cluster=CLUSTER)
    other = desk.case(REJECT, cluster=CLUSTER)
    done = decided(desk, {first: 1, other: 1})
    assert done.case_ids == (first,)
    assert [(one.case_id, one.reason) for one in done.excluded] == [(other, "other_verdict")]
    with pytest.raises(ConflictError):
        decided(desk, {first: 2})
    assert desk.row(second).state == "open"


def test_a_changed_member_is_left_out(desk: Desk) -> None:
    wu = desk.person("wu")
    first, second, third = (desk.case(MANUAL, cluster=CLUSTER) for _ in range(3))
    claim(desk.store, wu, second)
    desk.decide(wu, second)
    with desk.store.database.transaction() as connection:
        from smsvet_api.store.cases.tables import cases

        connection.execute(cases.update().where(cases.c.id == third).values(version=5))
    done = decided(desk, {first: 1, second: 1, third: 1})
    assert done.case_ids == (first,)
    assert sorted((one.case_id, one.reason) for one in done.excluded) == [
        (second, "changed"),
        (third, "changed"),
    ]


def test_a_bulk_decision_owes_a_reason_as_each_one_does(desk: Desk) -> None:
    case = desk.case(REJECT, cluster=CLUSTER)
    with pytest.raises(RefusedError) as refused:
        decided(desk, {case: 1}, approve())
    assert refused.value.field == "overturn"
    assert desk.row(case).state == "open"
    decided(desk, {case: 1}, approve(overturn="false_alarm"))


def test_who_may_not_decide_in_bulk(desk: Desk) -> None:
    case = desk.case(MANUAL, cluster=CLUSTER)
    for role in ("auditor", "submitter"):
        with pytest.raises(ForbiddenError):
            decide_bulk(desk.store, desk.person(role, role), CLUSTER, {case: 1}, approve(), "request-1")
    with pytest.raises(NotFoundError):
        preview_bulk(desk.store, desk.person("lin"), "e" * 32, approve())
    with pytest.raises(RefusedError):
        decided(desk, {})


def test_two_bulk_decisions_at_once_decide_each_case_once(desk: Desk) -> None:
    made = [desk.case(MANUAL, cluster=CLUSTER) for _ in range(12)]
    people = [desk.person("lin"), desk.person("wu")]

    def attempt(number: int) -> tuple[int, ...]:
        order = made if number else made[::-1]
        versions = dict.fromkeys(order, 1)
        try:
            return decide_bulk(
                desk.store, people[number], CLUSTER, versions, reject(), f"request-{number}"
            ).case_ids
        except (ConflictError, NotFoundError):
            return ()

    with ThreadPoolExecutor(2) as threads:
        done = [case for ids in threads.map(attempt, range(2)) for case in ids]
    assert sorted(done) == made
