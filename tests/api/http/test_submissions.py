"""Submitting over HTTP: the verdict at once, repeats, who may see what, and failures of review and store."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from smsvet.model import Fault
from smsvet_api.http.sweeping import sweep_once

from ..store.databases import KINDS
from .client import JSON, SECRET
from .stored import StoredService, stored_service

CLEAN = {"body": "您的验证码是{1}，{2}分钟内有效。", "purpose": "verification", "as_of": "2026-11-22"}
WRONG = {"body": "您的验证码为｛1｝，点击{2}查看", "purpose": "verification", "as_of": "2026-11-22"}
UNCLEAR = {"body": "全场5折，回T退订", "purpose": "notification", "as_of": "2026-11-22"}


@pytest.fixture(scope="module", params=KINDS)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoredService]:
    folder: Path = tmp_path_factory.mktemp("store")
    with stored_service(request.param, folder) as service:
        yield service


def submit(
    service: StoredService, document: Any, status: int = 201, name: str = "ann", lang: str = "zh"
) -> Any:
    response = service.ask("submitter", "POST", "/v1/submissions", name, json=document, params={"lang": lang})
    assert response.status_code == status, response.text
    assert response.headers["cache-control"] == "no-store"
    return response.json()


@pytest.mark.parametrize(
    ("document", "status", "decision"),
    [(CLEAN, "approved", "approve"), (WRONG, "rejected", "reject"), (UNCLEAR, "in_review", "manual_review")],
)
def test_the_verdict_comes_at_once(
    service: StoredService, document: dict[str, str], status: str, decision: str
) -> None:
    answer = submit(service, {**document, "id": f"at-once-{status}"})
    assert (answer["status"], answer["verdict"]["decision"], answer["replayed"]) == (status, decision, False)
    assert answer["verdict"]["complete"]
    assert bool(answer["verdict"]["reasons"]) == (status != "approved")
    read = service.ask("submitter", "GET", f"/v1/submissions/{answer['submission']}", "ann")
    assert read.json() == answer


def test_a_repeat_replays_the_stored_verdict_in_the_language_asked_for(service: StoredService) -> None:
    first = submit(service, {**WRONG, "id": "repeat"})
    again = submit(service, {"id": "repeat", **WRONG}, 200)
    assert again == first | {"replayed": True}
    english = submit(service, {**WRONG, "id": "repeat"}, 200, lang="en")
    assert [one["rule"] for one in english["verdict"]["reasons"]] == [
        one["rule"] for one in first["verdict"]["reasons"]
    ]
    fixes = [answer["verdict"]["reasons"][-1]["fix"] for answer in (first, english)]
    assert [bool(re.search("[一-鿿]", fix)) for fix in fixes] == [True, False]


def test_other_content_under_the_id_is_refused(service: StoredService) -> None:
    submit(service, {**CLEAN, "id": "taken"})
    problem = submit_problem(service, {**WRONG, "id": "taken"}, 409)
    assert problem["type"] == "urn:smsvet:problem:id-reused"
    submit(service, {**WRONG, "id": "taken"}, name="bob")


def submit_problem(service: StoredService, document: Any, status: int) -> Any:
    response = service.ask("submitter", "POST", "/v1/submissions", "ann", json=document)
    assert response.status_code == status
    return response.json()


def test_twenty_racers_get_the_same_submission(service: StoredService) -> None:
    async def race() -> list[Any]:
        sent = {"json": {**UNCLEAR, "id": "race"}}
        service.key("submitter", "ann")
        return await asyncio.gather(
            *(service.request("submitter", "POST", "/v1/submissions", "ann", **sent) for _ in range(20))
        )

    responses = asyncio.run(race())
    assert sorted(response.status_code for response in responses) == [200] * 19 + [201]
    answers = [response.json() | {"replayed": None} for response in responses]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({**CLEAN, "id": ""}, "id"),
        ({**CLEAN, "id": "x" * 129}, "id"),
        ({**CLEAN, "id": "a\0b"}, "id"),
        ({**CLEAN, "id": 7}, "id"),
        ({**CLEAN, "client_id": "x"}, "client_id"),
        ({**CLEAN, "provider": "nobody"}, "provider"),
        ({"id": "empty"}, ""),
        ([], ""),
    ],
)
def test_what_cannot_be_read_is_not_stored(service: StoredService, document: Any, field: str) -> None:
    before = service.ask("auditor", "GET", "/v1/submissions").json()
    assert [error["field"] for error in submit_problem(service, document, 422)["errors"]] == [field]
    assert service.ask("auditor", "GET", "/v1/submissions").json() == before


def test_any_text_can_be_stored(service: StoredService) -> None:
    """PostgreSQL takes no character 0 in text, and neither database half of a surrogate pair."""
    sent = {
        "id": "any",
        "body": "您好\0{1}😀",
        "params": [1.5, None, {"a": "\0"}],
        "account": {"name": "甲\0乙" * 99},
    }
    first = submit(service, sent)
    assert submit(service, sent, 200)["submission"] == first["submission"]
    half = service.ask("submitter", "POST", "/v1/submissions", content=r'{"body": "\ud83d"}', headers=JSON)
    assert (half.status_code, half.json()["errors"][0]["field"]) == (422, "body")


def test_pages_and_filters(service: StoredService) -> None:
    for number in range(5):
        submit(service, {**CLEAN, "id": f"page-{number}"}, name="paul")
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = service.ask("submitter", "GET", "/v1/submissions", "paul", params=query).json()
        seen += [one["id"] for one in page["submissions"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == [f"page-{number}" for number in (4, 3, 2, 1, 0)]
    found = service.ask("submitter", "GET", "/v1/submissions", "paul", params={"client_id": "page-3"}).json()
    assert [one["id"] for one in found["submissions"]] == ["page-3"]


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "201"}, {"cursor": "x"}, {"cursor": "YWZ0ZXI6MA"}, {"status": "x"}, {"more": "1"},
     {"client_id": "a\0"}],
)  # fmt: skip
def test_wrong_queries_are_refused(service: StoredService, query: dict[str, str]) -> None:
    response = service.ask("submitter", "GET", "/v1/submissions", params=query)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == next(iter(query))


def test_who_may_submit_and_read(service: StoredService) -> None:
    number = submit(service, {**CLEAN, "id": "whose"})["submission"]
    allowed = {
        role: (
            service.ask(role, "POST", "/v1/submissions", json=CLEAN).status_code,
            service.ask(role, "GET", f"/v1/submissions/{number}").status_code,
        )
        for role in ("submitter", "reviewer", "lead", "rule_manager", "auditor", "admin")
    }
    assert allowed == {
        "submitter": (201, 404),
        "reviewer": (403, 403),
        "lead": (403, 200),
        "rule_manager": (403, 200),
        "auditor": (403, 200),
        "admin": (403, 200),
    }
    for path in ("/v1/submissions", f"/v1/submissions/{number}"):
        assert service.ask("submitter", "GET", path, headers={"authorization": "Bearer x"}).status_code == 401
    for missing in ("0", "2147483647", "99999999999999999999", "x"):
        assert service.ask("submitter", "GET", f"/v1/submissions/{missing}").status_code in (404, 422)


@pytest.mark.parametrize("kind", ["deadline", "process"])
def test_a_review_that_was_stopped_goes_to_a_person(
    service: StoredService, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    async def stopped(*_arguments: Any, **_options: Any) -> Fault:
        return Fault(kind, "stopped")

    monkeypatch.setattr(service.app.state.service.active, "processes", object())
    monkeypatch.setattr(type(service.app.state.service.active), "attempt", stopped)
    answer = submit(service, {**CLEAN, "id": f"stopped-{kind}"})
    assert (answer["status"], answer["verdict"]["decision"]) == ("in_review", "manual_review")
    assert not answer["verdict"]["complete"]
    monkeypatch.undo()
    again = submit(service, {**CLEAN, "id": f"stopped-{kind}"}, 200)
    assert again == answer | {"replayed": True}


def test_a_failed_review_goes_to_a_person(service: StoredService, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("smsvet_api.http.revision.judge", fail)
    answer = submit(service, {**CLEAN, "id": "failed"})
    assert (answer["status"], answer["verdict"]["complete"]) == ("in_review", False)


def test_a_submission_that_was_left_is_reviewed_by_its_repeat_or_by_the_sweep(
    service: StoredService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smsvet_api.http.problems import ProblemError

    def busy(*_arguments: Any) -> None:
        raise ProblemError("busy", "later")

    with monkeypatch.context() as patched:
        patched.setattr("smsvet_api.http.revision.judge", busy)
        for name in ("left-1", "left-2"):
            submit_problem(service, {**CLEAN, "id": name}, 503)
    listed = service.ask("submitter", "GET", "/v1/submissions", "ann", params={"status": "received"}).json()
    assert [one["id"] for one in listed["submissions"]] == ["left-2", "left-1"]
    assert submit(service, {**CLEAN, "id": "left-1"}, 200)["status"] == "approved"
    state = service.app.state
    assert asyncio.run(sweep_once(state.service, state.storage, all_ages=True)) == 1
    assert submit(service, {**CLEAN, "id": "left-2"}, 200)["status"] == "approved"


def test_nothing_is_answered_as_stored_while_the_store_is_down(tmp_path: Path) -> None:
    with stored_service("sqlite", tmp_path) as service:
        service.key("submitter")
        with service.store.database.transaction() as connection:
            connection.execute(sa.text("alter table submissions rename to gone"))
        response = service.ask("submitter", "POST", "/v1/submissions", json=CLEAN)
        assert response.status_code == 503
        assert response.json()["type"] == "urn:smsvet:problem:store-down"
        assert service.ask("submitter", "POST", "/v1/review", json=CLEAN).json()["decision"] == "approve"


def test_the_log_has_no_submitted_text(service: StoredService, capfd: pytest.CaptureFixture[str]) -> None:
    submit(service, SECRET)
    logged = capfd.readouterr().err
    assert [part for part in ("绝密", "\\u7edd", "13912345678") if part in logged] == []
