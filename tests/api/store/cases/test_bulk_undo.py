"""A bulk decision is withdrawn as a whole within 15 s, and many cases go to the leads together."""

from __future__ import annotations

import pytest

from smsvet_api.store.cases.bulk import decide_bulk
from smsvet_api.store.cases.bulk_escalation import escalate_bulk
from smsvet_api.store.cases.bulk_undo import undo_bulk
from smsvet_api.store.cases.claiming import claim
from smsvet_api.store.cases.deciding import undo
from smsvet_api.store.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError

from ..databases import TestClock
from .desk import MANUAL, Desk, reject

CLUSTER = "c" * 32


def bulk(desk: Desk, number: int = 3) -> tuple[str, tuple[int, ...]]:
    """Let lin decide a cluster; return the id of the decision, and its cases."""
    made = [desk.case(MANUAL, cluster=CLUSTER) for _ in range(number)]
    versions = dict.fromkeys(made, 1)
    done = decide_bulk(desk.store, desk.person("lin"), CLUSTER, versions, reject(), "the-one-bulk")
    return done.bulk_id, done.case_ids


def test_a_bulk_decision_is_withdrawn_as_a_whole(desk: Desk, clock: TestClock) -> None:
    desk.webhook()
    bulk_id, ids = bulk(desk)
    clock.forward(seconds=14)
    done = undo_bulk(desk.store, desk.person("lin"), bulk_id)
    assert (done.cluster, done.case_ids, done.kept) == (CLUSTER, ids, ())
    assert [(desk.row(one).state, desk.row(one).holder_id) for one in ids] == [("open", None)] * 3
    assert {desk.submission(one).status for one in ids} == {"in_review"}
    assert {one.state for one in desk.outbox()} == {"withdrawn"}
    assert [desk.kinds(one) for one in ids] == [["case.decided", "decision.withdrawn"]] * 3
    with pytest.raises(NotFoundError):
        undo_bulk(desk.store, desk.person("lin"), bulk_id)


def test_a_bulk_decision_stays_after_fifteen_seconds(desk: Desk, clock: TestClock) -> None:
    bulk_id, ids = bulk(desk)
    clock.forward(seconds=16)
    with pytest.raises(ConflictError) as refused:
        undo_bulk(desk.store, desk.person("lin"), bulk_id)
    assert refused.value.name == "too-late"
    assert {desk.row(one).state for one in ids} == {"decided"}


def test_only_who_decided_withdraws_and_what_was_withdrawn_before_stays_so(desk: Desk) -> None:
    bulk_id, ids = bulk(desk)
    for other in (desk.person("wu"), desk.person("zhao", "lead")):
        with pytest.raises(NotFoundError):
            undo_bulk(desk.store, other, bulk_id)
    with pytest.raises(ForbiddenError):
        undo_bulk(desk.store, desk.person("audit", "auditor"), bulk_id)
    undo(desk.store, desk.person("lin"), ids[0])
    assert undo_bulk(desk.store, desk.person("lin"), bulk_id).case_ids == ids[1:]
    assert desk.row(ids[0]).holder_id == desk.person("lin").id


def test_many_cases_go_to_the_leads_together(desk: Desk) -> None:
    first, second, taken, changed = (desk.case(MANUAL, cluster=CLUSTER) for _ in range(4))
    other = desk.case(MANUAL, cluster="d" * 32)
    claim(desk.store, desk.person("wu"), taken)
    versions = {first: 1, second: 1, taken: desk.row(taken).version, changed: 7, other: 1}
    done = escalate_bulk(desk.store, desk.person("lin"), CLUSTER, versions, "请定夺")
    assert done.case_ids == (first, second)
    assert {(one.case_id, one.reason) for one in done.excluded} == {
        (taken, "locked"),
        (changed, "changed"),
        (other, "changed"),
    }
    assert [desk.row(one).state for one in (first, second, taken, changed, other)] == [
        "escalated", "escalated", "open", "open", "open",
    ]  # fmt: skip
    assert desk.kinds(first) == ["case.escalated"]
    with pytest.raises(ConflictError):
        escalate_bulk(desk.store, desk.person("lin"), CLUSTER, {first: desk.row(first).version})
    with pytest.raises(RefusedError):
        escalate_bulk(desk.store, desk.person("lin"), CLUSTER, {})
    with pytest.raises(ForbiddenError):
        escalate_bulk(desk.store, desk.person("audit", "auditor"), CLUSTER, {second: 2})
