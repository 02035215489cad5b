"""The routes of review quality: who may call them, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from smsvet_api.http.app import create_app
from smsvet_api.http.settings import Settings

from ..store.accounts import add_key_of
from ..store.databases import new_database
from ..store.decided import add_case, add_user, cases_of, decide, set_rates
from .client import ask

Asker = Callable[..., httpx.Response]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[Any, Asker]]:
    """Provide the store of an application without rules, and a function that sends a request of a role."""
    with new_database("sqlite", tmp_path) as url:
        from smsvet_api.store.upgrading import upgrade

        app = create_app(Settings(database=url, log_level="error"))
        store = app.state.storage.store
        upgrade(store.database)
        keys: dict[str, str] = {}

        def asker(role: Any, method: str, path: str, **request: Any) -> httpx.Response:
            if role not in keys:
                keys[role] = add_key_of(store, f"{role}-user", role)
            headers = {"authorization": f"Bearer {keys[role]}"} | request.pop("headers", {})
            return ask(app, method, path, headers=headers, **request)

        yield store, asker
        app.state.storage.close()


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/quality/agreement", {"lead", "rule_manager", "auditor", "admin"}),
        ("GET", "/v1/quality/reviewers", {"reviewer", "lead", "rule_manager", "auditor", "admin"}),
        ("GET", "/v1/quality/golden", {"lead", "rule_manager", "auditor", "admin"}),
        ("GET", "/v1/quality/rates", {"lead", "rule_manager", "auditor", "admin"}),
        ("GET", "/v1/rules/link/in-template/precision", {"reviewer", "lead", "rule_manager", "auditor", "admin"}),
        ("GET", "/v1/examples", {"reviewer", "lead", "rule_manager"}),
        ("GET", "/v1/examples.yaml", {"reviewer", "lead", "rule_manager"}),
    ],
)  # fmt: skip
def test_who_may(service: tuple[Any, Asker], method: str, path: str, allowed: set[str]) -> None:
    _, send = service
    for role in ("submitter", "reviewer", "lead", "rule_manager", "auditor", "admin"):
        answer = send(role, method, path)
        assert answer.status_code == (200 if role in allowed else 403), (role, answer.text)
        assert answer.headers["cache-control"] == "no-store" or answer.status_code == 403


def test_the_walk_of_a_second_review(service: tuple[Any, Asker]) -> None:
    store, send = service
    owner, lin, wu = (
        add_user(store, name, role)
        for name, role in (("owner", "submitter"), ("lin", "reviewer"), ("wu", "reviewer"))
    )
    set_rates(store, second=10_000)
    case = add_case(store, owner)
    decide(store, case, lin, "approve", overturn="false_positive")
    decide(store, cases_of(store, "second")[0].id, wu, "approve")
    agreement = send("lead", "GET", "/v1/quality/agreement").json()
    assert agreement["blind"]["pairs"] == agreement["blind"]["agreed"] == 1
    assert (agreement["blind"]["enough"], agreement["blind"]["kappa"]) == (False, None)
    listed = send("auditor", "GET", "/v1/quality/reviewers").json()["reviewers"]
    assert [one["name"] for one in listed] == ["lin", "wu"]
    figures = send("reviewer", "GET", "/v1/rules/link/in-template/precision").json()
    assert (figures["hits"], figures["reviewed"], figures["overturned"]) == (1, 1, 1)
    assert figures["reasons"] == {"false_positive": 1}
    candidates = send("lead", "GET", "/v1/quality/golden").json()["candidates"]
    assert [one["case_id"] for one in candidates] == [case]
    assert (
        send("reviewer", "POST", "/v1/quality/golden", json={"case": case, "decision": "approve"}).status_code
        == 403
    )
    golden = send("lead", "POST", "/v1/quality/golden", json={"case": case, "decision": "approve"})
    assert golden.status_code == 201
    number = golden.json()["id"]
    assert send("lead", "GET", "/v1/quality/golden").json()["items"][0]["id"] == number
    assert send("lead", "DELETE", f"/v1/quality/golden/{number}").json()["retired_at"]
    assert send("lead", "DELETE", "/v1/quality/golden/999").status_code == 404
    added = send("reviewer", "POST", "/v1/examples", json={"case": case, "rule": "link/in-template"})
    assert (added.status_code, added.json()["kind"]) == (201, "pass")
    text = send("reviewer", "GET", "/v1/examples.yaml")
    assert text.headers["content-disposition"] == 'attachment; filename="examples.yaml"'
    assert text.text.startswith('link/in-template:\n  pass:\n    - {"body": ')
    assert send("reviewer", "DELETE", f"/v1/examples/{added.json()['id']}").status_code == 204
    assert send("reviewer", "GET", "/v1/examples").json() == {"examples": []}
    rates = {"second": 1000, "golden": 0, "second_of": {"signature": 2000}}
    assert send("lead", "PUT", "/v1/quality/rates", json=rates).status_code == 403
    assert send("admin", "PUT", "/v1/quality/rates", json=rates).json() == rates
    assert send("lead", "GET", "/v1/quality/rates").json() == rates


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-01-01", "until=x"])
def test_a_wrong_period_is_refused(service: tuple[Any, Asker], query: str) -> None:
    _, send = service
    assert send("lead", "GET", f"/v1/quality/agreement?{query}").status_code == 422


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("lead", "POST", "/v1/quality/golden"),
        ("admin", "PUT", "/v1/quality/rates"),
        ("reviewer", "POST", "/v1/examples"),
        ("rule_manager", "POST", "/v1/revisions/shadow"),
        ("rule_manager", "POST", "/v1/revisions/promote"),
        ("rule_manager", "POST", "/v1/revisions/rollback"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("text/plain", "{}", 415),
        ("application/json", "{", 400),
        ("application/json", '{"case": 1, "case": 2}', 400),
        ("application/json", '{"unheard-of": 1}', 422),
    ],
)
def test_a_wrong_body_is_refused(
    service: tuple[Any, Asker], role: str, method: str, path: str, kind: str, content: str, status: int
) -> None:
    _, send = service
    answer = send(role, method, path, content=content, headers={"content-type": kind})
    assert answer.status_code == status, answer.text
    assert send("submitter", method, path, content=content).status_code == 403
