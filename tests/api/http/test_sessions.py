"""Sessions over HTTP: login, cookie, CSRF, logout, and what a one-time password allows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smsvet_api.http import storage as storage_module
from smsvet_api.http.transport import PLAIN_COOKIE, SECURE_COOKIE
from smsvet_api.store.accounts.users import add_user, issue_password

from ..store.databases import KINDS
from .browser import LOCAL, PASSWORD, Browser, session_of_role
from .stored import StoredService, stored_service

pytestmark = pytest.mark.usefixtures("cheap_passwords")

HTTPS = "https://smsvet.example"
REMOTE = "http://smsvet.example"


@pytest.fixture(scope="module", params=KINDS)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoredService]:
    with stored_service(request.param, tmp_path_factory.mktemp("store"), reviews=False) as service:
        yield service


def new_user(service: StoredService, name: str, role: Any = "reviewer") -> str:
    _, password = add_user(service.store, name, role, "command")
    assert password is not None
    return password


def signed_in(service: StoredService, name: str, role: Any = "reviewer") -> Browser:
    """Return the browser of a new user who has changed the one-time password."""
    once = new_user(service, name, role)
    one = Browser(service)
    assert one.log_in(name, once).status_code == 200
    assert one.ask("POST", "/v1/me/password", json={"old": once, "new": PASSWORD}).status_code == 200
    return one


def test_the_whole_life_of_a_session(service: StoredService) -> None:
    once = new_user(service, "ann")
    browser = Browser(service)
    began = browser.log_in("Ann", once)
    assert began.status_code == 200
    assert began.headers["cache-control"] == "no-store"
    assert began.json() | {"id": 0, "csrf": "", "expires_at": ""} == {
        "id": 0, "name": "ann", "role": "reviewer", "scopes": ["cases", "review"], "key": None, "must_change": True,
        "csrf": "", "expires_at": "",
    }  # fmt: skip
    first = browser.cookie
    changed = browser.ask("POST", "/v1/me/password", json={"old": once, "new": PASSWORD})
    assert (changed.status_code, changed.json()["must_change"]) == (200, False)
    assert browser.cookie != first
    assert Browser(service, cookie=first).ask("GET", "/v1/me").status_code == 401
    assert browser.ask("GET", "/v1/me").json()["name"] == "ann"
    ended = browser.ask("DELETE", "/v1/session")
    assert ended.status_code == 204
    assert "Max-Age=0" in ended.headers["set-cookie"]
    assert browser.cookie is None


def test_nothing_works_before_the_one_time_password_is_changed(service: StoredService) -> None:
    once = new_user(service, "bob", "admin")
    browser = Browser(service)
    browser.log_in("bob", once)
    for method, path in (("GET", "/v1/users"), ("POST", "/v1/users"), ("GET", "/v1/submissions")):
        refused = browser.ask(method, path, params={"lang": "en"})
        assert refused.status_code == 403
        assert refused.json()["type"].endswith(":password-change")
        assert "POST /v1/me/password" in refused.json()["detail"]
    assert browser.ask("GET", "/v1/me").json()["must_change"]
    assert browser.ask("GET", "/v1/me/sessions").status_code == 200


COOKIE_CASES = [
    (HTTPS, "192.0.2.1", {}, SECURE_COOKIE, {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}),
    (LOCAL, "127.0.0.1", {}, SECURE_COOKIE, {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}),
    (
        "http://127.0.0.1:8000",
        "127.0.0.1",
        {},
        SECURE_COOKIE,
        {"HttpOnly", "Path=/", "SameSite=lax", "Secure"},
    ),
    ("http://[::1]:8000", "::1", {}, SECURE_COOKIE, {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}),
    (REMOTE, "192.0.2.1", {"plain_http": True}, PLAIN_COOKIE, {"HttpOnly", "Path=/", "SameSite=lax"}),
    (
        HTTPS,
        "192.0.2.1",
        {"plain_http": True},
        SECURE_COOKIE,
        {"HttpOnly", "Path=/", "SameSite=lax", "Secure"},
    ),
]


@pytest.mark.parametrize(("url", "address", "settings", "name", "flags"), COOKIE_CASES)
def test_the_flags_of_the_cookie(
    url: str, address: str, settings: dict[str, Any], name: str, flags: set[str], tmp_path: Path
) -> None:
    with stored_service("sqlite", tmp_path, reviews=False, **settings) as service:
        once = new_user(service, "ann")
        browser = Browser(service, url, address, cookie_name=name)
        began = browser.log_in("ann", once)
        assert began.status_code == 200, began.text
        pair, *rest = began.headers["set-cookie"].split("; ")
        assert pair.partition("=")[0] == name
        assert set(rest) == flags  # no Domain, no Expires
        assert browser.ask("GET", "/v1/me").status_code == 200
        changed = browser.ask("POST", "/v1/me/password", json={"old": once, "new": PASSWORD})
        assert set(changed.headers["set-cookie"].split("; ")[1:]) == flags
        assert browser.ask("DELETE", "/v1/session").status_code == 204


@pytest.mark.parametrize(
    ("url", "address", "headers"),
    [
        (REMOTE, "192.0.2.1", {}),
        (REMOTE, "127.0.0.1", {}),  # a proxy on this machine that passes the name on
        (LOCAL, "192.0.2.1", {}),
        (LOCAL, "127.0.0.1", {"x-forwarded-for": "192.0.2.1"}),
        (LOCAL, "127.0.0.1", {"x-forwarded-proto": "https"}),  # not a proxy of the settings
        (LOCAL, "127.0.0.1", {"forwarded": "proto=https"}),
        ("http://127.0.0.1.example", "127.0.0.1", {}),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_login_over_plain_http_is_refused_with_an_explanation(
    service: StoredService, url: str, address: str, headers: dict[str, str | None], lang: str
) -> None:
    browser = Browser(service, url, address)
    refused = browser.ask(
        "POST", "/v1/session", headers, json={"name": "x", "password": "x"}, params={"lang": lang}
    )
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:smsvet:problem:plain-http"
    assert all(
        word in refused.json()["detail"] for word in ("HTTPS", "SMSVET_PROXIES", "SMSVET_PLAIN_HTTP=1")
    )
    assert "set-cookie" not in refused.headers


def test_a_session_is_not_accepted_over_plain_http(service: StoredService) -> None:
    browser = signed_in(service, "carl")
    for name in (SECURE_COOKIE, PLAIN_COOKIE):
        remote = Browser(service, REMOTE, "192.0.2.1", browser.cookie, name, browser.csrf)
        assert remote.ask("GET", "/v1/me").status_code == 401
    assert browser.ask("GET", "/v1/me").status_code == 200


CSRF_CASES: list[tuple[dict[str, str | None], int]] = [
    ({}, 200),
    ({"sec-fetch-site": "same-site"}, 403),
    ({"sec-fetch-site": "cross-site"}, 403),
    ({"sec-fetch-site": "none"}, 403),
    ({"sec-fetch-site": ""}, 403),
    ({"sec-fetch-site": "cross-site", "origin": LOCAL}, 403),
    ({"sec-fetch-site": None}, 403),
    ({"sec-fetch-site": None, "origin": LOCAL}, 200),
    ({"sec-fetch-site": None, "origin": "null"}, 403),
    ({"sec-fetch-site": None, "origin": "https://localhost"}, 403),
    ({"sec-fetch-site": None, "origin": "http://localhost:8001"}, 403),
    ({"sec-fetch-site": None, "origin": "http://localhost.example"}, 403),
    ({"x-csrf": None}, 403),
    ({"x-csrf": ""}, 403),
    ({"x-csrf": "wrong"}, 403),
    ({"x-csrf": None, "sec-fetch-site": None, "origin": LOCAL}, 403),
]


@pytest.mark.parametrize(("headers", "status"), CSRF_CASES, ids=str)
def test_an_unsafe_method_is_sent_from_here_with_the_token(
    service: StoredService, headers: dict[str, str | None], status: int
) -> None:
    browser = Browser(service).use(session_of_role(service.store, "reviewer"))
    answer = browser.ask("DELETE", "/v1/me/sessions", headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"] == "urn:smsvet:problem:csrf"
    assert browser.ask("GET", "/v1/me", headers).status_code == 200  # a safe method changes nothing


def test_the_token_of_another_session_is_refused(service: StoredService) -> None:
    mine, theirs = (Browser(service).use(session_of_role(service.store, role)) for role in ("lead", "admin"))
    assert mine.ask("DELETE", "/v1/me/sessions", {"x-csrf": theirs.csrf}).status_code == 403


def test_a_key_needs_no_token(service: StoredService) -> None:
    answer = service.ask("admin", "POST", "/v1/users", json={"name": "by-key", "role": "auditor"})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": None, "origin": "https://other.example"}, 403),
        ({"sec-fetch-site": None, "origin": LOCAL}, 401),
        ({"sec-fetch-site": None}, 401),  # a program
        ({}, 401),
    ],
)
def test_another_site_cannot_sign_a_visitor_in(
    service: StoredService, headers: dict[str, str | None], status: int
) -> None:
    browser = Browser(service)
    answer = browser.ask("POST", "/v1/session", headers, json={"name": "nobody-here", "password": "x"})
    service.clock.forward(hours=2)  # so that the failures do not add up
    assert answer.status_code == status


def test_unknown_user_and_wrong_password_get_the_same_answer(service: StoredService) -> None:
    new_user(service, "dora")
    bodies = []
    for name in ("dora", "nobody"):
        answer = Browser(service).log_in(name, "wrong", lang="en")
        assert answer.status_code == 401
        bodies.append(answer.json() | {"instance": ""})
    assert bodies[0] == bodies[1]
    assert bodies[0]["detail"] == "User name or password is wrong"


def test_the_wait_is_told_in_seconds(service: StoredService) -> None:
    once = new_user(service, "eve")
    browser = Browser(service, address="127.0.0.2")
    for _ in range(5):
        assert browser.log_in("eve", "wrong").status_code == 401
    for lang, said in (("zh", "请 1 秒后再试"), ("en", "try again in 1 seconds")):
        answer = browser.log_in("eve", once, lang=lang)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert said in answer.json()["detail"]
    service.clock.forward(seconds=1)
    assert browser.log_in("eve", once).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x", "password": "y", "admin": True}, "admin"),
        ({"name": ["x"], "password": "y"}, "name"),
        ({"name": "x", "password": "y" * 257}, "password"),
        ({"name": "x" * 65, "password": "y"}, "name"),
        ({"name": "\ud800", "password": "y"}, "name"),
        ([], ""),
    ],
)
def test_a_wrong_login_body_names_the_field(service: StoredService, body: object, field: str) -> None:
    import json

    answer = Browser(service).ask(
        "POST", "/v1/session", {"content-type": "application/json"}, content=json.dumps(body)
    )
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_sessions_are_listed_and_ended(service: StoredService) -> None:
    first = signed_in(service, "finn")
    others = [Browser(service) for _ in range(3)]
    for other in others:
        other.log_in("finn", PASSWORD)
    listed = first.ask("GET", "/v1/me/sessions").json()["sessions"]
    assert [one["current"] for one in listed] == [False, False, False, True]
    assert first.ask("DELETE", f"/v1/me/sessions/{listed[0]['id']}").status_code == 204
    assert others[2].ask("GET", "/v1/me").status_code == 401
    assert first.ask("DELETE", f"/v1/me/sessions/{listed[0]['id']}").status_code == 404
    assert first.ask("DELETE", "/v1/me/sessions").json() == {"ended": 2}
    assert [other.ask("GET", "/v1/me").status_code for other in others] == [401, 401, 401]
    assert first.ask("GET", "/v1/me").status_code == 200


def test_a_session_runs_out(service: StoredService) -> None:
    browser = Browser(service).use(session_of_role(service.store, "lead"))
    service.clock.forward(minutes=29)
    assert browser.ask("GET", "/v1/me").status_code == 200
    service.clock.forward(minutes=30)
    refused = browser.ask("GET", "/v1/me")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_admins_manage_users_and_keys(service: StoredService) -> None:
    admin = signed_in(service, "root", "admin")
    made = admin.ask("POST", "/v1/users", json={"name": "Gina", "role": "lead"})
    assert (made.status_code, made.json()["name"]) == (201, "gina")
    number, once = made.json()["id"], made.json()["password"]
    assert admin.ask("POST", "/v1/users", json={"name": "gina", "role": "lead"}).status_code == 409
    gina = Browser(service)
    assert gina.log_in("gina", once).json()["role"] == "lead"

    key = admin.ask("POST", "/v1/keys", json={"user": number, "name": "gina", "scopes": ["export"]})
    assert key.status_code == 201
    bearer = {"authorization": f"Bearer {key.json()['key']}"}
    assert gina.ask("GET", "/v1/me", bearer).json()["scopes"] == ["export"]
    above = admin.ask("POST", "/v1/keys", json={"user": number, "name": "gina", "scopes": ["admin"]})
    assert (above.status_code, above.json()["errors"][0]["field"]) == (422, "scopes")
    (listed,) = [one for one in admin.ask("GET", "/v1/keys").json()["keys"] if one["user"] == number]
    assert listed["prefix"] == key.json()["prefix"]
    assert key.json()["key"] not in admin.given[-1].text
    assert admin.ask("DELETE", f"/v1/keys/{listed['id']}").status_code == 204
    assert gina.ask("GET", "/v1/me", bearer).status_code == 401

    demoted = admin.ask("PATCH", f"/v1/users/{number}", json={"role": "reviewer", "disabled": True})
    assert (demoted.json()["role"], demoted.json()["disabled_at"] is None) == ("reviewer", False)
    assert gina.ask("GET", "/v1/me").status_code == 401
    assert admin.ask("GET", f"/v1/users/{number}").json() == demoted.json()
    once = admin.ask("POST", f"/v1/users/{number}/password").json()["password"]
    assert Browser(service).log_in("gina", once).status_code == 401  # still disabled
    admin.ask("PATCH", f"/v1/users/{number}", json={"disabled": False})
    service.clock.forward(hours=2)
    assert Browser(service).log_in("gina", once).status_code == 200


def test_lists_have_cursors(service: StoredService) -> None:
    admin = signed_in(service, "pager", "admin")
    for number in range(3):
        admin.ask(
            "POST", "/v1/users", json={"name": f"page{number}", "role": "lead", "oidc_subject": f"p{number}"}
        )
    seen, cursor = [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = admin.ask("GET", "/v1/users", params=query).json()
        assert len(page["users"]) <= 2
        seen += [user["name"] for user in page["users"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert {"page0", "page1", "page2", "pager"} <= set(seen)
    assert admin.ask("GET", "/v1/users", params={"cursor": "x"}).status_code == 422


def test_logins_beyond_the_hashing_threads_are_refused(
    service: StoredService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_module, "MAX_HASHING", 0)
    answer = Browser(service).log_in("ann", "x")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_user_whose_password_an_admin_renews_is_signed_out(service: StoredService) -> None:
    browser = signed_in(service, "hugo")
    number = browser.ask("GET", "/v1/me").json()["id"]
    issue_password(service.store, number, "command")
    assert browser.ask("GET", "/v1/me").status_code == 401
