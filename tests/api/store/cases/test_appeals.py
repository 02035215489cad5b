"""Appeals: once, by the submitter, decided by somebody else than the first time."""

from __future__ import annotations

import pytest

from smsvet_api.store.cases.appeals import appeal
from smsvet_api.store.cases.claiming import claim, claim_next
from smsvet_api.store.cases.handover import reopen
from smsvet_api.store.cases.view import view_case
from smsvet_api.store.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from smsvet_api.store.submissions.history import history_of

from ..databases import TestClock
from .desk import MANUAL, REJECT, Desk, approve, reject


def test_an_appeal_is_decided_by_somebody_else(desk: Desk, clock: TestClock) -> None:
    desk.webhook()
    lin, wu, shop = desk.person("lin"), desk.person("wu"), desk.person("shop", "submitter")
    case = desk.case(MANUAL)
    submission = desk.row(case).submission_id
    with pytest.raises(ConflictError):
        appeal(desk.store, shop, submission, "还没有结论")
    desk.decide(lin, case, reject())
    with pytest.raises(ConflictError):
        appeal(desk.store, shop, submission, "还可以撤销")
    clock.forward(seconds=15)
    appeal(desk.store, shop, submission, "这是订单通知")
    assert desk.submission(case).status == "in_review"
    assert claim_next(desk.store, lin) is None
    got = claim_next(desk.store, wu)
    assert got is not None
    view = view_case(desk.store, wu, got.case_id)
    assert (view.origin, view.appeals) == ("appeal", ("这是订单通知",))
    with pytest.raises(ForbiddenError):
        claim(desk.store, lin, got.case_id)
    desk.decide(wu, got.case_id, approve(), got.version)
    assert desk.submission(case).status == "approved"
    assert [one.kind for one in desk.outbox()] == [
        "submission.decided", "submission.in_review", "submission.decided",
    ]  # fmt: skip
    assert [one.decision for one in desk.resolutions(case)] == ["reject"], "the first one stays"
    clock.forward(seconds=15)
    with pytest.raises(ConflictError, match="appealed before"):
        appeal(desk.store, shop, submission, "再来")


def test_a_rejection_by_the_machine_is_appealed_too(desk: Desk) -> None:
    lin, shop = desk.person("lin"), desk.person("shop", "submitter")
    case = desk.case(REJECT, status="rejected")
    submission = desk.row(case).submission_id
    with desk.store.database.transaction() as connection:
        from smsvet_api.store.cases.tables import cases

        connection.execute(cases.delete().where(cases.c.id == case))
    appeal(desk.store, shop, submission, "请复核")
    got = claim_next(desk.store, lin)
    assert got is not None
    desk.decide(lin, got.case_id, approve(overturn="documents_added"), got.version)


def test_a_second_appeal_and_others_appeals_are_refused(desk: Desk, clock: TestClock) -> None:
    lin, wu, shop = desk.person("lin"), desk.person("wu"), desk.person("shop", "submitter")
    case = desk.case(MANUAL)
    submission = desk.row(case).submission_id
    desk.decide(lin, case, reject())
    clock.forward(seconds=20)
    with pytest.raises(NotFoundError):
        appeal(desk.store, desk.person("rival", "submitter"), submission, "不是我的")
    with pytest.raises(ForbiddenError):
        appeal(desk.store, wu, submission, "我是审核员")
    for text in (" ", "x" * 2001, "\0"):
        with pytest.raises(RefusedError):
            appeal(desk.store, shop, submission, text)
    appeal(desk.store, shop, submission, "请复核")
    got = claim_next(desk.store, wu)
    assert got is not None
    desk.decide(wu, got.case_id, reject(), got.version)
    clock.forward(seconds=20)
    with pytest.raises(ConflictError, match="appealed before"):
        appeal(desk.store, shop, submission, "再来一次")


def test_a_submitter_reads_what_happened_in_its_order(desk: Desk, clock: TestClock) -> None:
    lin, wu, shop = desk.person("lin"), desk.person("wu"), desk.person("shop", "submitter")
    case = desk.case(MANUAL)
    submission = desk.row(case).submission_id

    def steps() -> list[tuple[str, str, str]]:
        return [(one.state, one.by, one.text) for one in history_of(desk.store, shop, submission)]

    received = [("received", "submitter", ""), ("in_review", "machine", "")]
    clock.forward(seconds=1)
    desk.decide(lin, case, reject(message="请删除链接", note="内部"))
    assert steps() == received, "it can still be undone"
    clock.forward(seconds=15)
    rejected = [*received, ("rejected", "person", "请删除链接")]
    assert steps() == rejected
    appeal(desk.store, shop, submission, "这是订单通知")
    got = claim_next(desk.store, wu)
    assert got is not None
    clock.forward(seconds=1)
    desk.decide(wu, got.case_id, approve(), got.version)
    clock.forward(seconds=15)
    appealed = [*rejected, ("appealed", "submitter", "这是订单通知"), ("approved", "person", "")]
    assert steps() == appealed
    reopen(desk.store, desk.person("zhao", "lead"), got.case_id, "内部原因")
    assert steps() == [*appealed, ("reopened", "person", "")]
    with pytest.raises(NotFoundError):
        history_of(desk.store, desk.person("rival", "submitter"), submission)


def test_a_second_review_is_no_step_for_the_submitter(desk: Desk, clock: TestClock) -> None:
    case = desk.case(MANUAL)
    clock.forward(seconds=1)
    desk.decide(desk.person("lin"), case, reject())
    desk.decide(desk.person("wu"), desk.second(case), approve())
    clock.forward(seconds=16)
    steps = history_of(desk.store, desk.person("shop", "submitter"), desk.row(case).submission_id)
    assert [one.state for one in steps] == ["received", "in_review", "rejected"]
