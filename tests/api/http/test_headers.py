"""Security headers on each response, rate limits, and logs without secrets or submitted text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smsvet_api.http.docs_page import SECURITY
from smsvet_api.http.headers import SECURITY_HEADERS, STRICT_TRANSPORT
from smsvet_api.http.problems import ProblemError
from smsvet_api.http.rates import REFUSED_PER_MINUTE, Rates
from smsvet_api.store.accounts.keys import add_key
from smsvet_api.store.accounts.users import add_user

from .browser import LOCAL, PASSWORD, Browser, session_of_role
from .stored import StoredService, stored_service
from .test_authorisation import routes_of

HTTPS = "https://smsvet.example"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoredService]:
    with stored_service("sqlite", tmp_path_factory.mktemp("store"), reviews=False) as service:
        yield service


def test_every_route_has_the_headers(service: StoredService) -> None:
    """Also a refused request passes the middleware, so that a call without credentials shows them."""
    for row in sorted(routes_of(service.app.routes)):
        method, _, path = row.partition(" ")
        path = re.sub(r"\{[^}]*\}", "1", path)
        answer = Browser(service).ask(method, path, {"content-type": "text/plain"})
        for name, value in SECURITY_HEADERS.items():
            if path == "/docs" and answer.status_code == 200 and name == "content-security-policy":
                assert answer.headers.get_list(name) == [SECURITY]
            else:
                assert answer.headers.get_list(name) == [value], row
        assert "strict-transport-security" not in answer.headers, row


@pytest.mark.parametrize("path", ["/nowhere", "/v1/session", "/v1/me?lang=xx", "/healthz"])
def test_errors_have_the_headers(service: StoredService, path: str) -> None:
    answer = Browser(service).ask("PATCH", path)
    assert set(SECURITY_HEADERS) <= set(answer.headers)


def test_strict_transport_security_is_sent_under_tls_only(service: StoredService) -> None:
    assert (
        Browser(service, HTTPS).ask("GET", "/healthz").headers["strict-transport-security"]
        == STRICT_TRANSPORT
    )
    assert "strict-transport-security" not in Browser(service, LOCAL).ask("GET", "/healthz").headers


def test_answers_to_credentials_are_kept_by_no_cache(service: StoredService) -> None:
    browser = Browser(service).use(session_of_role(service.store, "admin"))
    for path in ("/v1/me", "/v1/users", "/v1/rules", "/nowhere"):
        assert browser.ask("GET", path).headers["cache-control"] == "no-store"


def test_an_internal_error_has_the_headers(service: StoredService, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("a password")

    monkeypatch.setattr(service.app.state.service.metrics, "text", fail)
    answer = Browser(service).ask("GET", "/metrics")
    assert answer.status_code == 500
    assert set(SECURITY_HEADERS) <= set(answer.headers)
    assert "password" not in answer.text


def test_requests_of_a_key_are_limited(tmp_path: Path) -> None:
    with stored_service("sqlite", tmp_path, reviews=False, requests_per_minute=3) as service:
        for _ in range(3):
            assert service.ask("admin", "GET", "/v1/me").status_code == 200
        for lang, said in (("zh", "秒后再试"), ("en", "try again in")):
            refused = service.ask("admin", "GET", "/v1/me", params={"lang": lang})
            assert refused.status_code == 429
            assert 1 <= int(refused.headers["retry-after"]) <= 120
            assert said in refused.json()["detail"]
        assert service.ask("lead", "GET", "/v1/me").status_code == 200
        session = Browser(service).use(session_of_role(service.store, "admin"))
        assert [session.ask("GET", "/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_reviews_are_limited_by_key_or_address_where_the_operator_says_so(tmp_path: Path) -> None:
    with stored_service("sqlite", tmp_path, reviews_per_minute=2) as service:
        key = {"authorization": f"Bearer {service.key('lead')}"}
        wrong = {"authorization": "Bearer smsvet_00000000_x"}

        def ask(address: str, headers: dict[str, str], path: str = "/v1/review") -> int:
            browser = Browser(service, address=address)
            return browser.ask("POST", path, headers, json={"body": "您的验证码为{1}"}).status_code

        assert [ask("192.0.2.1", {}) for _ in range(3)] == [200, 200, 429]
        assert ask("192.0.2.1", {}, "/v1/review/batch") == 429
        assert ask("192.0.2.1", wrong) == 429, "a key that is not in force counts as none"
        assert [ask("192.0.2.1", key) for _ in range(3)] == [200, 200, 429]
        assert ask("192.0.2.2", {}) == 200


def test_problems_are_kept_by_no_cache(service: StoredService) -> None:
    for method, path in (("GET", "/nowhere"), ("PATCH", "/healthz"), ("GET", "/v1/rules?lang=xx")):
        answer = Browser(service).ask(method, path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers.get_list("cache-control") == ["no-store"]


def test_wrong_keys_of_an_address_are_limited_and_right_ones_are_not(service: StoredService) -> None:
    browser = Browser(service, address="192.0.2.9")
    wrong = {"authorization": "Bearer smsvet_00000000_x"}
    statuses = [browser.ask("GET", "/v1/me", wrong).status_code for _ in range(REFUSED_PER_MINUTE + 1)]
    assert statuses == [401] * REFUSED_PER_MINUTE + [429]
    right = {"authorization": f"Bearer {service.key('lead')}"}
    assert browser.ask("GET", "/v1/me", right).status_code == 200


def test_rates_count_each_caller_by_itself() -> None:
    rates = Rates(2)
    for who in ("key:a", "key:b", "user:1"):
        rates.count(who, "en")
        rates.count(who, "en")
        with pytest.raises(ProblemError) as caught:
            rates.count(who, "en")
        assert caught.value.status == 429


@pytest.mark.usefixtures("cheap_passwords")
def test_the_log_of_a_whole_session_has_no_secret_and_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from smsvet_api.http.logs import configure

    with stored_service("sqlite", tmp_path, reviews=False) as service:
        configure("debug")
        _, once = add_user(service.store, "ann-the-admin", "admin", "command")
        assert once is not None
        wrong, new = "a password that is wrong", PASSWORD
        browser = Browser(service)
        browser.log_in("ann-the-admin", wrong)
        browser.log_in("secret typed as a name", wrong)
        browser.log_in("ann-the-admin", once)
        cookies, tokens = [browser.cookie], [browser.csrf]
        browser.ask("POST", "/v1/me/password", json={"old": once, "new": new})
        cookies, tokens = [*cookies, browser.cookie], [*tokens, browser.csrf]
        made = browser.ask("POST", "/v1/users", json={"name": "bob-the-submitter", "role": "submitter"})
        added = browser.ask(
            "POST", "/v1/keys", json={"user": made.json()["id"], "name": "绝密", "scopes": ["submit"]}
        )
        key = str(added.json()["key"])
        text = "绝密短信正文"
        bearer = {"authorization": f"Bearer {key}"}
        browser.ask("POST", "/v1/submissions", bearer, json={"id": "绝密", "body": text})
        browser.ask("POST", f"/v1/submissions?lang={text}", bearer, content=text.encode())
        browser.ask("GET", "/v1/me", {"authorization": f"Bearer {key}x"})
        browser.ask("GET", f"/v1/rules/{text}")
        broken = lambda *_arguments: (_ for _ in ()).throw(RuntimeError(f"{new} {key}"))  # noqa: E731
        monkeypatch.setattr("smsvet_api.http.users.written", broken)
        assert browser.ask("POST", "/v1/users", json={"name": "x-1", "role": "lead"}).status_code == 500
        browser.ask("DELETE", "/v1/session")
        log = capsys.readouterr().err
    lines = [json.loads(line) for line in log.splitlines()]
    assert len([line for line in lines if line["event"] == "request"]) == len(browser.given)
    assert any(line["event"] == "failed" for line in lines)
    secrets: list[Any] = [
        once, wrong, new, "secret typed", *cookies, *tokens, key, key.rpartition("_")[2], made.json()["password"],
        text, "绝密", json.dumps("绝密")[1:-1], "%E7%BB%9D",
    ]  # fmt: skip
    assert [secret for secret in secrets if secret in log] == []


def test_a_key_of_a_service_is_found_by_its_prefix_only(service: StoredService) -> None:
    user = session_of_role(service.store, "lead").session.user
    key = add_key(service.store, user.id, "one", ["export"], "command")
    for header in (f"bearer {key}", f"BEARER   {key} "):
        assert Browser(service).ask("GET", "/v1/me", {"authorization": header}).status_code == 200
    for header in (key, f"Basic {key}", "Bearer", "", f"Bearer {key} {key}"):
        assert Browser(service).ask("GET", "/v1/me", {"authorization": header}).status_code == 401
