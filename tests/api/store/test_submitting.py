"""Submissions are stored once, also when requests repeat or race, and each gets one verdict."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from smsvet_api.store.cases.search_text import search_text
from smsvet_api.store.cases.tables import cases
from smsvet_api.store.errors import ConflictError, NotFoundError
from smsvet_api.store.store import Store
from smsvet_api.store.submissions.drafts import Draft
from smsvet_api.store.submissions.status import StatusFilter, list_statuses, read_status
from smsvet_api.store.submissions.submitting import Received, receive, record_verdict, unjudged
from smsvet_api.store.submissions.tables import submissions, verdict_rules, verdicts
from smsvet_api.store.trail.events import digest_of
from smsvet_api.store.trail.tables import events

from .accounts import add_user
from .databases import TestClock

TEXT = "您的验证码是{1}"


def draft(client_id: str | None = "t-1", body: str = TEXT, **fields: Any) -> Draft:
    document = {"body": body, **fields} | ({"id": client_id} if client_id is not None else {})
    return Draft(document, "template", "tencent", None, None)


def finding(rule: str, decision: str, category: str | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "rule": rule, "decision": decision, "field": "body", "start": 0, "end": 2, "text": "您的",
        "message": "“您的”有误", "fix": "删除“您的”", "suggestion": None, "category": category,
        "transforms": ["homophone"], "code": "Wrong", "source": "tencent", "clause": "内容规范", "title": "用语",
        "evidence": [], "en": {"title": "Wording", "message": "“您的” is wrong", "fix": "Remove “您的”"},
    } | fields  # fmt: skip


def verdict(decision: str, *findings: dict[str, Any], faults: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "id": "t-1", "kind": "template", "decision": decision, "provider": "tencent", "as_of": "2026-11-28",
        "findings": list(findings), "faults": [{"rule": rule, "error": "failed"} for rule in faults],
        "revision": "a" * 64,
    }  # fmt: skip


def rows(store: Store, table: sa.Table) -> Any:
    with store.database.reading() as connection:
        return connection.execute(sa.select(table)).all()


def submitted(store: Store, name: str, decision: str, *findings: dict[str, Any], **options: Any) -> int:
    user = add_user(store, name, "submitter")
    received = receive(store, user, draft(name))
    assert record_verdict(store, received.id, verdict(decision, *findings, **options))
    return received.id


@pytest.mark.parametrize(
    ("decision", "status", "opened"),
    [("approve", "approved", 0), ("reject", "rejected", 0), ("manual_review", "in_review", 1)],
)
def test_the_verdict_decides_the_status(store: Store, decision: str, status: str, opened: int) -> None:
    number = submitted(store, "ann", decision)
    row = rows(store, submissions)[0]
    assert (row.status, row.final_at is not None) == (status, not opened)
    assert len(rows(store, cases)) == opened
    assert rows(store, verdicts)[0].submission_id == number
    event = rows(store, events)[-1]
    body = json.loads(event.body)
    assert (event.kind, event.subject) == ("submission.reviewed", f"submission:{number}")
    assert (body["decision"], body["case"]) == (decision, rows(store, cases)[0].id if opened else None)


SEARCHED = [
    ({"signature": "云雀", "body": "您好{1}"}, "云雀科技", "云雀\n您好{1}\n云雀科技"),
    ({"text": "ＡＢＣ Hello", "provider": "tencent"}, None, "abc hello"),
    ({"body": "您好", "params": {"name": "Li", "n": 7, "list": ["a", None]}}, None, "您好\nli\n7\na"),
    ({"body": "您好", "params": ["王", "1234"], "variables": {"1": "otp"}}, None, "您好\n王\n1234"),
    ({"body": "a\0b\ud800c"}, None, "a\ufffdb\ufffdc"),
    ({"body": "长" * 9000}, None, "长" * 2000),
]


@pytest.mark.parametrize(("document", "account", "expected"), SEARCHED)
def test_a_search_compares_texts_and_values_only(
    document: dict[str, Any], account: str | None, expected: str
) -> None:
    assert search_text(document, account) == expected


def test_the_searched_text_is_stored_with_the_case(store: Store) -> None:
    user = add_user(store, "ann", "submitter")
    received = receive(store, user, Draft({"body": "您好\0", "id": "a"}, "template", "tencent", None, "云雀"))
    record_verdict(store, received.id, verdict("manual_review"))
    assert rows(store, cases)[0].search_text == "您好\ufffd\n云雀"


def test_the_trail_has_a_salted_digest_and_no_text(store: Store) -> None:
    submitted(store, "ann", "reject", finding("form/a", "reject"))
    row, event = rows(store, submissions)[0], rows(store, events)[-1]
    written = json.dumps(row.document, sort_keys=True, separators=(",", ":"))
    assert json.loads(event.body)["digest"] == digest_of(written, row.salt) == row.text_digest
    assert not {"验证码", "您的", json.dumps("您的")[1:-1]} & set(event.body.split('"'))
    assert "\\u" not in event.body


def test_the_same_content_again_is_the_stored_submission(store: Store, clock: TestClock) -> None:
    user = add_user(store, "ann", "submitter")
    first = receive(store, user, draft(purpose="notification"))
    assert (first.state, receive(store, user, draft(purpose="notification")).state) == ("new", "pending")
    record_verdict(store, first.id, verdict("approve"))
    clock.forward(days=4000)
    again = receive(
        store,
        user,
        Draft({"purpose": "notification", "id": "t-1", "body": TEXT}, "template", "tencent", None, None),
    )
    assert again == Received(first.id, "judged", first.document)
    assert len(rows(store, submissions)) == 1


def test_another_content_with_the_same_id_is_refused(store: Store) -> None:
    user, other = add_user(store, "ann", "submitter"), add_user(store, "bob", "submitter")
    receive(store, user, draft())
    for changed in (draft(body=f"{TEXT}。"), draft(purpose="notification")):
        with pytest.raises(ConflictError) as refused:
            receive(store, user, changed)
        assert refused.value.name == "id-reused"
    assert receive(store, other, draft(body="别的内容")).state == "new"


def test_without_an_id_each_request_is_a_submission_of_its_own(store: Store) -> None:
    user = add_user(store, "ann", "submitter")
    first, second = (receive(store, user, draft(None)) for _ in range(2))
    assert first.id != second.id
    assert first.document["id"] != second.document["id"]
    assert receive(store, user, draft(str(first.document["id"]))).id == first.id


def test_twenty_racers_make_one_submission_with_one_verdict(store: Store) -> None:
    user = add_user(store, "ann", "submitter")

    def race(number: int) -> tuple[Received, bool]:
        received = receive(store, user, draft())
        return received, received.state != "judged" and record_verdict(
            store, received.id, verdict("manual_review")
        )

    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(race, range(20)))
    assert [one.state for one, _ in found].count("new") == 1
    assert [recorded for _, recorded in found].count(True) == 1
    assert len({one.id for one, _ in found}) == 1
    assert [len(rows(store, table)) for table in (submissions, verdicts, cases)] == [1, 1, 1]


def test_a_submission_whose_process_ended_is_found_again(store: Store, clock: TestClock) -> None:
    user = add_user(store, "ann", "submitter")
    left = receive(store, user, draft())
    assert unjudged(store) == []  # a process may still be reviewing it
    assert [one.id for one in unjudged(store, all_ages=True)] == [left.id]
    clock.forward(seconds=31)
    assert [(one.id, one.document) for one in unjudged(store)] == [(left.id, left.document)]
    clock.forward(days=-1)  # the clock was set back
    assert [one.id for one in unjudged(store)] == [left.id]
    record_verdict(store, left.id, verdict("approve"))
    assert unjudged(store, all_ages=True) == []


def test_a_verdict_is_never_overwritten(store: Store) -> None:
    number = submitted(store, "ann", "reject", finding("form/a", "reject"))
    assert not record_verdict(store, number, verdict("approve"))
    assert [row.decision for row in rows(store, verdicts)] == ["reject"]


def test_a_review_that_was_stopped_goes_to_a_person(store: Store) -> None:
    number = submitted(store, "ann", "manual_review", faults=("deadline",))
    user = add_user(store, "lea", "lead")
    found = read_status(store, user, number, "zh")
    assert found.status == "in_review"
    assert found.verdict is not None
    assert not found.verdict.complete
    assert rows(store, verdict_rules) == []
    assert json.loads(rows(store, events)[-1].body)["faults"] == ["deadline"]
    assert rows(store, verdicts)[0].document["faults"][0]["rule"] == "deadline"


def test_which_rules_decided_alone(store: Store) -> None:
    submitted(
        store,
        "ann",
        "reject",
        finding("form/a", "reject"),
        finding("form/a", "manual_review"),
        finding("form/b", "manual_review"),
        finding("form/c", "approve"),
    )
    assert {(row.rule, row.decision, row.alone) for row in rows(store, verdict_rules)} == {
        ("form/a", "reject", True),
        ("form/b", "manual_review", False),
        ("form/c", "approve", False),
    }


def test_the_submitter_sees_what_to_change_and_not_how_it_was_found(store: Store) -> None:
    number = submitted(
        store,
        "ann",
        "reject",
        finding("form/a", "reject"),
        finding("content/b", "reject", "gambling"),
        finding(
            "marketing/c", "manual_review", "marketing", message="合计 3.5 分", evidence=[{"points": 3.5}]
        ),
        finding("form/advice", "approve"),
    )
    lead = add_user(store, "lea", "lead")
    seen = read_status(store, lead, number, "zh").verdict
    assert seen is not None
    assert [(one.rule, one.start, one.end, one.message) for one in seen.reasons] == [
        ("form/a", 0, 2, "“您的”有误"),
        ("content/b", None, None, "“您的”有误"),
        ("marketing/c", None, None, "用语"),
    ]
    assert {(one.field, one.fix, one.clause, one.code) for one in seen.reasons} == {
        ("body", "删除“您的”", "内容规范", "Wrong")
    }
    english = read_status(store, lead, number, "en").verdict
    assert english is not None
    assert [one.fix for one in english.reasons] == ["Remove “您的”"] * 3
    assert not {"transforms", "category", "evidence", "source", "text"} & set(seen.reasons[0].__slots__)


def test_submitters_see_their_own(store: Store) -> None:
    number = submitted(store, "ann", "approve")
    bob, auditor = add_user(store, "bob", "submitter"), add_user(store, "eve", "auditor")
    with pytest.raises(NotFoundError):
        read_status(store, bob, number, "zh")
    assert list_statuses(store, bob, "zh") == ([], None)
    assert read_status(store, auditor, number, "zh").client_id == "ann"


def test_pages_are_complete_while_submissions_arrive(store: Store) -> None:
    user = add_user(store, "ann", "submitter")
    sent = [receive(store, user, draft(f"t-{number}")).id for number in range(7)]
    page, following = list_statuses(store, user, "zh", limit=3)
    receive(store, user, draft("later"))
    seen = [one.id for one in page]
    while following is not None:
        page, following = list_statuses(store, user, "zh", cursor=following, limit=3)
        seen += [one.id for one in page]
    assert seen == sent[::-1]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (StatusFilter(), {"ann", "bob", "cid"}),
        (StatusFilter(status="approved"), {"ann"}),
        (StatusFilter(status="in_review"), {"bob"}),
        (StatusFilter(kind="signature"), set()),
        (StatusFilter(provider="tencent", client_id="cid"), {"cid"}),
    ],
)
def test_filters(store: Store, filters: StatusFilter, found: set[str]) -> None:
    for name, decision in (("ann", "approve"), ("bob", "manual_review"), ("cid", "reject")):
        submitted(store, name, decision)
    auditor = add_user(store, "eve", "auditor")
    assert {one.client_id for one in list_statuses(store, auditor, "zh", filters)[0]} == found


def test_a_decision_that_can_be_withdrawn_shows_as_in_review(store: Store, clock: TestClock) -> None:
    from smsvet_api.store.cases.tables import resolutions

    number = submitted(store, "ann", "manual_review")
    reviewer, auditor = add_user(store, "rex", "reviewer"), add_user(store, "eve", "auditor")
    final = store.now().replace(second=45)
    with store.database.transaction() as connection:
        case = connection.execute(sa.select(cases)).one()
        connection.execute(
            resolutions.insert().values(
                case_id=case.id,
                user_id=reviewer.id,
                idem="1",
                decision="approve",
                reasons=[],
                note="secret",
                message="可以使用",
                at=store.now(),
                final_at=final,
            )
        )
        connection.execute(submissions.update().values(status="approved", final_at=final))
    before = read_status(store, auditor, number, "zh")
    assert (before.status, before.resolution, before.final_at) == ("in_review", None, None)
    assert [one.id for one in list_statuses(store, auditor, "zh", StatusFilter(status="in_review"))[0]] == [
        number
    ]
    clock.time = final
    after = read_status(store, auditor, number, "zh")
    assert (after.status, after.final_at) == ("approved", final)
    assert after.resolution is not None
    assert (after.resolution.decision, after.resolution.message) == ("approve", "可以使用")
    assert after.verdict is not None
    assert after.verdict.decision == "manual_review"
