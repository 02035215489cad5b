"""Who may call which operation: each route of the application with each role, by session and by key."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final, NoReturn, get_args

import httpx
import pytest
from fastapi import FastAPI

from smsvet_api.http.app import create_app
from smsvet_api.http.problems import ProblemError
from smsvet_api.http.settings import Settings
from smsvet_api.store.accounts.keys import add_key
from smsvet_api.store.accounts.roles import ROLES, SCOPES_OF, Role, Scope

from .browser import LOCAL, Browser, session_of_role
from .stored import StoredService, stored_service


@dataclass(frozen=True)
class OneOf:
    """A caller needs one of the scopes, and is refused in spite of it in some roles."""

    scopes: frozenset[Scope]
    but_not: frozenset[Role]


Access = str | OneOf
"""OPEN, SIGNED_IN, SESSION, or scopes."""
OPEN, SIGNED_IN, SESSION = "open", "signed in", "session"
OUTSIDE: Final[tuple[Role, ...]] = ("rule_manager", "admin")
"""Roles that take no part in cases although they read the rest."""


def one_of(*scopes: Scope, but_not: Sequence[Role] = ()) -> Access:
    return OneOf(frozenset(scopes), frozenset(but_not))


ROWS: Final[dict[str, Access]] = {
    "GET /openapi.json": OPEN,
    "GET /docs": OPEN,
    "GET /docs/{name}": OPEN,
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /metrics": OPEN,
    "POST /v1/review": OPEN,
    "POST /v1/review/batch": OPEN,
    "GET /v1/rules": OPEN,
    "GET /v1/rules/{id:path}": OPEN,
    "POST /v1/submissions": one_of("submit"),
    "GET /v1/submissions": one_of("submit", "read"),
    "GET /v1/submissions/{submission}": one_of("submit", "read"),
    "POST /v1/submissions/{submission}/appeal": one_of("submit"),
    "POST /v1/submissions/{id}/replay": one_of("read"),
    "GET /v1/cases": one_of("review", "cases", "read", but_not=OUTSIDE),
    "POST /v1/cases/claim-next": one_of("review"),
    "GET /v1/cases/{id}": one_of("review", "cases", "read", but_not=OUTSIDE),
    "POST /v1/cases/{id}/claim": one_of("review"),
    "POST /v1/cases/{id}/heartbeat": one_of("review"),
    "POST /v1/cases/{id}/release": one_of("review"),
    "POST /v1/cases/{id}/skip": one_of("review"),
    "POST /v1/cases/{id}/decide": one_of("review"),
    "POST /v1/cases/{id}/undo": one_of("review"),
    "POST /v1/cases/{id}/hold": one_of("review"),
    "POST /v1/cases/{id}/escalate": one_of("review"),
    "POST /v1/cases/{id}/reopen": one_of("review"),
    "POST /v1/cases/{id}/reassign": one_of("review"),
    "GET /v1/decisions": one_of("review", "cases", "read", but_not=OUTSIDE),
    "GET /v1/clusters/{id}": one_of("review", "cases", "read", but_not=OUTSIDE),
    "POST /v1/clusters/{id}/preview": one_of("review"),
    "POST /v1/clusters/{id}/decide": one_of("review"),
    "POST /v1/webhooks": one_of("submit", "admin"),
    "GET /v1/webhooks": one_of("submit", "read", "admin"),
    "GET /v1/webhooks/{webhook}": one_of("submit", "read", "admin"),
    "PATCH /v1/webhooks/{webhook}": one_of("submit", "admin"),
    "DELETE /v1/webhooks/{webhook}": one_of("submit", "admin"),
    "POST /v1/webhooks/{webhook}/rotate": one_of("submit", "admin"),
    "POST /v1/webhooks/{webhook}/test": one_of("submit", "admin"),
    "GET /v1/webhooks/{webhook}/messages": one_of("submit", "read", "admin"),
    "GET /v1/webhooks/{webhook}/attempts": one_of("submit", "read", "admin"),
    "POST /v1/webhooks/{webhook}/messages/{message}/resend": one_of("submit", "admin"),
    "POST /v1/webhooks/{webhook}/replay": one_of("submit", "admin"),
    "GET /v1/export/{table}.{format}": one_of("export"),
    "GET /v1/quality/agreement": one_of("read"),
    "GET /v1/quality/reviewers": one_of("review", "read"),
    "GET /v1/quality/golden": one_of("read"),
    "POST /v1/quality/golden": one_of("review", but_not=("reviewer",)),
    "DELETE /v1/quality/golden/{id}": one_of("review", but_not=("reviewer",)),
    "GET /v1/quality/rates": one_of("read"),
    "PUT /v1/quality/rates": one_of("admin"),
    "GET /v1/settings/calendar": one_of("read"),
    "PUT /v1/settings/calendar": one_of("admin"),
    "GET /v1/rules/{rule:path}/precision": one_of("review", "read"),
    "GET /v1/examples": one_of("review", "rules"),
    "POST /v1/examples": one_of("review", "rules"),
    "GET /v1/examples.yaml": one_of("review", "rules"),
    "DELETE /v1/examples/{id}": one_of("review", "rules"),
    "GET /v1/revisions": one_of("read"),
    "POST /v1/revisions/reload": one_of("rules"),
    "POST /v1/revisions/shadow": one_of("rules"),
    "DELETE /v1/revisions/shadow": one_of("rules"),
    "POST /v1/revisions/promote": one_of("rules"),
    "POST /v1/revisions/rollback": one_of("rules"),
    "GET /v1/revisions/{id}/differences": one_of("read"),
    "POST /v1/session": OPEN,
    "DELETE /v1/session": SESSION,
    "GET /v1/oidc/login": OPEN,
    "GET /v1/oidc/callback": OPEN,
    "GET /v1/me": SIGNED_IN,
    "POST /v1/me/password": SESSION,
    "GET /v1/me/sessions": SESSION,
    "DELETE /v1/me/sessions": SESSION,
    "DELETE /v1/me/sessions/{id}": SESSION,
    "GET /v1/users": one_of("admin"),
    "POST /v1/users": one_of("admin"),
    "GET /v1/users/{id}": one_of("admin"),
    "PATCH /v1/users/{id}": one_of("admin"),
    "POST /v1/users/{id}/password": one_of("admin"),
    "GET /v1/keys": one_of("admin"),
    "POST /v1/keys": one_of("admin"),
    "DELETE /v1/keys/{id}": one_of("admin"),
}
"""Method and route -> who may call it."""


OWNERS: Final[dict[Scope, Role]] = {
    "submit": "submitter",
    "review": "reviewer",
    "cases": "reviewer",
    "read": "auditor",
    "export": "lead",
    "rules": "rule_manager",
    "admin": "admin",
}
"""Scope -> the role of the user whose key has it."""
BODIES: Final[dict[str, dict[str, Any]]] = {
    "POST /v1/revisions/promote": {"note": "test"},
    "POST /v1/quality/golden": {"case": 999999, "decision": "approve"},
    "PUT /v1/quality/rates": {"second": 0, "golden": 0},
    "POST /v1/examples": {"case": 999999, "rule": "template/link-in-variable"},
}
"""Bodies of routes that are validated before the caller is known."""


def routes_of(routes: Any, prefix: str = "") -> Iterator[str]:
    """Yield method and path of each route, also of included routers and mounted applications; HEAD is as GET."""
    for route in routes:
        inner = getattr(getattr(route, "original_router", route), "routes", None)
        path = f"{prefix}{getattr(route, 'path', '')}"
        if inner is not None:
            yield from routes_of(inner, path)
        else:
            yield from (f"{method} {path}" for method in route.methods - {"HEAD"})


class Refusing:
    """Stands for parts of the service that would load rules: an allowed call gets 409."""

    def __getattr__(self, name: str) -> NoReturn:
        raise ProblemError("conflict", name)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredService]:
    folder = tmp_path_factory.mktemp("store")
    oidc = {"oidc_issuer": "http://localhost:9", "oidc_client_id": "smsvet"}
    with stored_service("sqlite", folder, reviews=False, requests_per_minute=1_000_000, **oidc) as service:
        service.app.state.content = service.app.state.replays = Refusing()
        yield service


@pytest.fixture(scope="module")
def keys(service: StoredService) -> dict[Scope, str]:
    """Return a key with each scope only."""
    assert set(OWNERS) == set(get_args(Scope))
    assert set(OWNERS.values()) == set(ROLES)
    found: dict[Scope, str] = {}
    for scope, role in OWNERS.items():
        user = session_of_role(service.store, role).session.user
        found[scope] = add_key(service.store, user.id, "test", [scope], "command")
    return found


def test_every_route_has_a_row(service: StoredService) -> None:
    assert set(routes_of(service.app.routes)) == set(ROWS)


def test_a_service_without_a_store_has_the_open_routes_only() -> None:
    app = create_app(Settings(log_level="error"))
    found = set(routes_of(app.routes))
    assert {ROWS[route] for route in found} == {OPEN}
    assert found == {route for route in ROWS if ROWS[route] == OPEN and "session" not in route} - {
        "GET /v1/oidc/login",
        "GET /v1/oidc/callback",
    }


@pytest.mark.parametrize("row", ROWS)
def test_a_route_answers_those_who_may_call_it(
    row: str, service: StoredService, keys: dict[Scope, str]
) -> None:
    access = ROWS[row]
    method, _, path = row.partition(" ")
    number = "0" * 32 if path.startswith("/v1/clusters") else "999999"  # nothing has it
    path = re.sub(
        r"\{[^}]*\}",
        number,
        path.replace("{table}.{format}", "submissions.csv").replace("{rule:path}", "link/in-template"),
    )
    body = BODIES.get(row, {}) if method != "GET" else None
    anonymous = call(service.app, method, path, {}, body)
    if access == OPEN:
        assert anonymous.status_code != 401 or row == "GET /v1/oidc/callback"
        return
    assert outcome(anonymous) == "unknown"
    for role in ROLES:
        browser = Browser(service).use(session_of_role(service.store, role))
        answer = browser.ask(method, path, json=body)
        assert outcome(answer) == expected(access, SCOPES_OF[role], role), role
        forged = Browser(service, cookie=browser.cookie)
        if method != "GET" and role == "admin" and row != "DELETE /v1/session":
            refused = forged.use(session_of_role(service.store, role)).ask(
                method, path, {"x-csrf": None}, json=body
            )
            assert refused.status_code == 403
            assert refused.json()["type"].endswith(":csrf")
    for scope, key in keys.items():
        answer = call(service.app, method, path, {"authorization": f"Bearer {key}"}, body)
        by_key = "refused" if access == SESSION else expected(access, {scope}, OWNERS[scope])
        assert ("refused" if answer.status_code == 401 else outcome(answer)) == by_key, scope


def expected(access: Access, scopes: Set[Scope], role: Role | None = None) -> str:
    if isinstance(access, str):
        return "answered"
    return "answered" if access.scopes & scopes and role not in access.but_not else "forbidden"


def outcome(answer: httpx.Response) -> str:
    """Return whether a caller is let in; what it then gets, such as 404 or 422, is for other tests."""
    if answer.status_code not in (401, 403):
        return "answered"
    kind = str(answer.json()["type"]).rpartition(":")[2]
    return {"unauthorized": "unknown", "forbidden": "forbidden"}.get(kind, kind)


def call(
    app: FastAPI, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None
) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
        async with httpx.AsyncClient(transport=transport, base_url=LOCAL) as client:
            return await client.request(method, path, headers=headers, json=body)

    return asyncio.run(send())


def test_every_role_is_in_the_matrix() -> None:
    assert set(get_args(Role)) == set(ROLES)
