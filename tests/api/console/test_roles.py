"""Who may open and send what: each route of the console with each role, with nobody and with a forged form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

from ..http.test_authorisation import Refusing, routes_of
from .case_parts import state_of
from .every_page import routes_of_pages
from .pages import Browser
from .signed_in import Console
from .signed_in import console as console_on
from .test_decisions import decide

if TYPE_CHECKING:
    from fastapi import FastAPI

    from smsvet_api.store.accounts.roles import Role

Roles = frozenset[str]
ALL: Final[Roles] = frozenset({"submitter", "reviewer", "lead", "rule_manager", "auditor", "admin"})
OPEN: Final[Roles] = ALL | {"nobody"}
READERS: Final[Roles] = frozenset({"reviewer", "lead", "auditor"})
REVIEWERS: Final[Roles] = frozenset({"reviewer", "lead"})
RULES: Final[Roles] = frozenset({"reviewer", "lead", "rule_manager", "auditor"})
COLLECTORS: Final[Roles] = frozenset({"reviewer", "lead", "rule_manager"})
REPORTS: Final[Roles] = frozenset({"lead", "rule_manager", "auditor"})
SUBMITTERS: Final[Roles] = frozenset({"submitter"})
LEADS: Final[Roles] = frozenset({"lead"})
MANAGERS: Final[Roles] = frozenset({"rule_manager"})
TRAIL: Final[Roles] = frozenset({"auditor", "admin"})
ADMINS: Final[Roles] = frozenset({"admin"})

ROWS: Final[dict[str, Roles]] = {
    "GET /": OPEN,
    "GET /static/{digest}/{name}": OPEN,
    "POST /preferences": OPEN,
    "GET /try": OPEN,
    "POST /try": OPEN,
    "GET /login": OPEN,
    "POST /login": OPEN,
    "POST /logout": ALL,
    "GET /password": ALL,
    "POST /password": ALL,
    "GET /me": ALL,
    "POST /me/preferences": ALL,
    "POST /me/sessions/end": ALL,
    "POST /me/sessions/end-others": ALL,
    "GET /queue": READERS,
    "POST /queue/next": REVIEWERS,
    "POST /queue/views": READERS,
    "GET /cases/{id}": READERS,
    "POST /cases/{id}/decide": REVIEWERS,
    "POST /cases/{id}/escalate": REVIEWERS,
    "POST /cases/{id}/hold": REVIEWERS,
    "POST /cases/{id}/skip": REVIEWERS,
    "POST /cases/{id}/undo": REVIEWERS,
    "POST /cases/{id}/claim": REVIEWERS,
    "POST /cases/{id}/heartbeat": REVIEWERS,
    "POST /cases/{id}/release": REVIEWERS,
    "POST /cases/{id}/reassign": REVIEWERS,
    "POST /cases/{id}/reopen": REVIEWERS,
    "POST /cases/{id}/object": REVIEWERS,
    "GET /clusters/{id}": READERS,
    "GET /clusters/{id}/result": READERS,
    "POST /clusters/{id}/preview": REVIEWERS,
    "POST /clusters/{id}/decide": REVIEWERS,
    "POST /clusters/{id}/undo": REVIEWERS,
    "GET /decisions": READERS,
    "POST /decisions/undo": REVIEWERS,
    "POST /decisions/reopen": REVIEWERS,
    "GET /rules": RULES,
    "GET /rules/{rule_id:path}": RULES,
    "GET /rules/basket": COLLECTORS,
    "GET /rules/basket/examples.yaml": COLLECTORS,
    "POST /rules/basket": COLLECTORS,
    "GET /dashboard": RULES,
    "GET /quality": frozenset({"lead", "auditor"}),
    "POST /quality/golden": LEADS,
    "GET /submissions": SUBMITTERS,
    "GET /submissions/new": SUBMITTERS,
    "POST /submissions/new": SUBMITTERS,
    "GET /submissions/{submission}": SUBMITTERS,
    "POST /submissions/{submission}/appeal": SUBMITTERS,
    "GET /reports": REPORTS,
    "GET /reports/{report}": REPORTS,
    "GET /reports/{report}/rows": REPORTS,
    "GET /reports/{report}/report.html": REPORTS,
    "GET /reports/{report}/files/{name:path}": REPORTS,
    "POST /reports/{report}/cases": LEADS,
    "GET /revisions": frozenset({"rule_manager", "auditor"}),
    "GET /revisions/{id}": frozenset({"rule_manager", "auditor"}),
    "POST /revisions/reload": MANAGERS,
    "POST /revisions/shadow": MANAGERS,
    "POST /revisions/shadow/end": MANAGERS,
    "POST /revisions/promote": MANAGERS,
    "POST /revisions/rollback": MANAGERS,
    "GET /trail": TRAIL,
    "GET /trail/checkpoint.json": TRAIL,
    "GET /trail/events.jsonl": TRAIL,
    "POST /trail/verify": TRAIL,
    "GET /admin": ADMINS,
    "GET /admin/users": ADMINS,
    "POST /admin/users": ADMINS,
    "GET /admin/users/{id}": ADMINS,
    "POST /admin/users/{id}/role": ADMINS,
    "POST /admin/users/{id}/state": ADMINS,
    "POST /admin/users/{id}/password": ADMINS,
    "GET /admin/keys": ADMINS,
    "POST /admin/keys": ADMINS,
    "POST /admin/keys/{id}/revoke": ADMINS,
    "GET /admin/webhooks": ADMINS,
    "POST /admin/webhooks": ADMINS,
    "GET /admin/webhooks/{webhook}": ADMINS,
    "POST /admin/webhooks/{webhook}/change": ADMINS,
    "POST /admin/webhooks/{webhook}/state": ADMINS,
    "POST /admin/webhooks/{webhook}/test": ADMINS,
    "POST /admin/webhooks/{webhook}/messages/{message}/resend": ADMINS,
    "POST /admin/webhooks/{webhook}/replay": ADMINS,
    "POST /admin/webhooks/{webhook}/rotate": ADMINS,
    "POST /admin/webhooks/{webhook}/delete": ADMINS,
    "GET /admin/settings": ADMINS,
    "POST /admin/settings/calendar": ADMINS,
    "POST /admin/settings/sampling": ADMINS,
}
"""Method and route -> who may use it. The store decides on each case by its state."""
OWN_TOKEN = {"POST /login", "POST /preferences", "POST /try"}
"""Forms without the token of a session: they change nothing that belongs to a user, or begin the session."""


@pytest.fixture(scope="module")
def console(app: FastAPI, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder = tmp_path_factory.mktemp("roles")
    with console_on(app, folder, requests_per_minute=1_000_000) as made:
        decide(made)
        made.clock.forward(seconds=20)
        made.app.state.content = Refusing()  # nothing is loaded
        yield made


def path_of(route: str) -> str:
    """Return the path of a route, with numbers that nothing has."""
    number = "0" * 32 if route.startswith("/clusters") else "999999"
    return re.sub(r"\{[^}]*\}", number, route)


def outcome(browser: Browser, method: str, path: str, form: dict[str, str]) -> int:
    """Return 401 for who has to sign in, 403 for who may not, else 200; what then follows is for other tests."""
    response = browser.get(path) if method == "GET" else browser.post(path, form)
    if path == "/login" and response.status_code == 401:
        return 200  # the page says that name and password do not match
    assert response.status_code < 500, response.text
    if response.status_code == 303 and response.headers["location"].startswith("/login?back="):
        return 401
    return response.status_code if response.status_code in (401, 403) else 200


def signed_in(console: Console, role: str) -> tuple[Browser, str]:
    """Return a browser in a session of its own, which the route may end, and the token of the session."""
    from .signed_in import COOKIE
    from .test_me import another_browser

    console.browser(role)  # type: ignore[arg-type]
    browser = another_browser(console, role)
    assert browser.cookies[COOKIE]
    return browser, browser.token(browser.get("/password").text)


def test_every_route_has_a_row(console: Console) -> None:
    assert routes_of_pages(console.app) == set(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_a_route_lets_in_who_may_use_it(console: Console, row: str) -> None:
    method, _, route = row.partition(" ")
    path = path_of(route)
    for role in sorted(ALL):
        browser, token = signed_in(console, role)
        found = outcome(browser, method, path, {"csrf": token})
        assert found == (200 if role in ROWS[row] else 403), role
        if method == "POST" and row not in OWN_TOKEN:
            forger, _ = signed_in(console, role)
            assert outcome(forger, method, path, {"csrf": "wrong"}) == 403, role
            assert forger.post(path, {"csrf": token}, **{"sec-fetch-site": "cross-site"}).status_code == 403
    stranger = Browser(console.app)
    assert outcome(stranger, method, path, {}) == (200 if "nobody" in ROWS[row] else 401)


def test_only_a_lead_opens_a_decided_case_again_or_gives_it_to_somebody_else(console: Console) -> None:
    case = 1
    lin, token = signed_in(console, "reviewer")
    form = {"csrf": token, "case": str(case), "note": "x", "name": "reviewer"}
    for path in (f"/cases/{case}/reassign", f"/cases/{case}/reopen", "/decisions/reopen"):
        assert outcome(lin, "POST", path, form) == 403, path
    lead, token = signed_in(console, "lead")
    assert outcome(lead, "POST", "/decisions/reopen", form | {"csrf": token}) == 200
    assert state_of(console, case).state == "open"


def test_without_a_store_there_are_the_open_pages_only(app: FastAPI) -> None:
    from smsvet_api.http.app import create_app

    own = set(routes_of(app.routes)) - set(routes_of(create_app(app.state.service.settings).routes))
    assert own == {row for row in ROWS if ROWS[row] == OPEN and "login" not in row}


def test_the_roles_are_those_of_the_store() -> None:
    from smsvet_api.store.accounts.roles import ROLES

    roles: tuple[Role, ...] = ROLES
    assert set(roles) == ALL
