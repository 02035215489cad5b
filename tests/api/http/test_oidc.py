"""Login by OpenID Connect, against a real provider on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest

from smsvet_api.http.settings import SettingsError, read_settings
from smsvet_api.store.accounts.users import add_user, change_user, find_user, list_users

from ..required import missing
from ..store.trail_reading import recorded
from .browser import Browser
from .stored import StoredService, stored_service

if find_spec("authlib") is None:
    missing("authlib is not installed")

if TYPE_CHECKING:
    from .oidc_server import OidcServer

TEMPORARY = "__Host-smsvet-oidc"


@pytest.fixture(scope="module")
def running() -> Iterator[OidcServer]:
    from .oidc_server import oidc_server

    with oidc_server() as provider:
        yield provider


@pytest.fixture
def provider(running: OidcServer) -> OidcServer:
    running.claims, running.changes = {"sub": "subject-1", "preferred_username": "Ann Lin"}, {}
    running.signed_by, running.algorithm, running.broken = None, "RS256", False
    return running


@pytest.fixture
def service(provider: OidcServer, tmp_path: Path) -> Iterator[StoredService]:
    from .oidc_server import CLIENT, SECRET

    with stored_service(
        "sqlite",
        tmp_path,
        reviews=False,
        oidc_issuer=provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_role_claim="groups",
        oidc_roles="sms-admins=admin, sms-reviewers=reviewer",
    ) as service:
        yield service


def begin(browser: Browser) -> tuple[httpx.Response, str]:
    """Return the redirect to the provider and the temporary cookie."""
    began = browser.ask("GET", "/v1/oidc/login")
    assert began.status_code == 303, began.text
    name, _, rest = began.headers["set-cookie"].partition("=")
    assert name == TEMPORARY
    return began, rest.partition(";")[0]


def finish(
    browser: Browser, provider: OidcServer, *, cookie: str | None = None, **query: str
) -> httpx.Response:
    """Log in at the provider and come back."""
    began, value = begin(browser)
    back = urlsplit(provider.authorize(began.headers["location"]))
    path = f"{back.path}?{back.query}" + "".join(f"&{name}={text}" for name, text in query.items())
    return browser.ask(
        "GET", path, {"cookie": f"{TEMPORARY}={cookie or value}", "sec-fetch-site": "cross-site"}
    )


def test_a_prepared_user_signs_in(service: StoredService, provider: OidcServer) -> None:
    add_user(service.store, "lin", "lead", "command", "subject-1")
    browser = Browser(service)
    ended = finish(browser, provider)
    assert (ended.status_code, ended.headers["location"]) == (303, "/")
    assert {"HttpOnly", "Secure", "SameSite=lax"} <= set(ended.headers.get_list("set-cookie")[0].split("; "))
    me = browser.ask("GET", "/v1/me").json()
    assert (me["name"], me["role"], me["must_change"]) == ("lin", "lead", False)
    asked = provider.asked[-1]
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code", "S256", "openid profile email",
    )  # fmt: skip
    assert asked["redirect_uri"] == "http://localhost/v1/oidc/callback"
    assert [actor for _, actor, _, _ in recorded(service.store, "session.started")] == ["user:lin"]


def test_a_stranger_is_refused(service: StoredService, provider: OidcServer) -> None:
    ended = finish(Browser(service), provider)
    assert ended.status_code == 403
    assert list_users(service.store) == []


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["other", "sms-reviewers"], "reviewer"),
        ("sms-reviewers", "reviewer"),
        (["sms-reviewers", "sms-admins"], "admin"),
        (["sms-reviewers-2"], None),
        ({"sms-admins": True}, None),
        (None, None),
    ],
)
def test_a_mapped_claim_makes_a_user(
    service: StoredService, provider: OidcServer, groups: Any, role: str | None
) -> None:
    provider.claims["groups"] = groups
    ended = finish(Browser(service), provider)
    assert ended.status_code == (303 if role else 403)
    assert [(user.name, user.role, user.has_password) for user in list_users(service.store)] == (
        [("ann-lin", role, False)] if role else []
    )


def test_the_claim_does_not_change_the_role_of_a_user(service: StoredService, provider: OidcServer) -> None:
    add_user(service.store, "lin", "auditor", "command", "subject-1")
    provider.claims["groups"] = ["sms-admins"]
    finish(Browser(service), provider)
    assert find_user(service.store, "lin").role == "auditor"


def test_a_taken_name_is_not_taken_over(service: StoredService, provider: OidcServer) -> None:
    add_user(service.store, "ann-lin", "admin", "command", "subject-0")
    provider.claims |= {"groups": ["sms-reviewers"], "email": "ann@example.com"}
    finish(Browser(service), provider)
    provider.claims["sub"] = "subject-2"
    finish(Browser(service), provider)
    names = [user.name for user in list_users(service.store)]
    assert names[:2] == ["ann-lin", "ann@example.com"]
    assert names[2].startswith("oidc-")
    assert find_user(service.store, "ann-lin").role == "admin"


def test_a_disabled_user_is_refused(service: StoredService, provider: OidcServer) -> None:
    account, _ = add_user(service.store, "lin", "lead", "command", "subject-1")
    change_user(service.store, account.id, "command", disabled=True)
    assert finish(Browser(service), provider).status_code == 403


def test_the_answer_belongs_to_the_browser_that_began(service: StoredService, provider: OidcServer) -> None:
    add_user(service.store, "lin", "lead", "command", "subject-1")
    _, others = begin(Browser(service))
    for cookie in (others, "x", "a.b.c.d", ".b.c.d"):
        ended = finish(Browser(service), provider, cookie=cookie)
        assert ended.status_code == 401
        assert "set-cookie" not in ended.headers


def test_a_code_counts_once(service: StoredService, provider: OidcServer) -> None:
    add_user(service.store, "lin", "lead", "command", "subject-1")
    browser = Browser(service)
    began, value = begin(browser)
    back = urlsplit(provider.authorize(began.headers["location"]))
    statuses = [
        browser.ask("GET", f"{back.path}?{back.query}", {"cookie": f"{TEMPORARY}={value}"}).status_code
        for _ in range(2)
    ]
    assert statuses == [303, 401]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"aud": ["smsvet", "another"]},
        {"aud": ["smsvet", "another"], "azp": "another"},
        {"exp": 1},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"exp": None},
    ],
    ids=str,
)
def test_a_token_for_something_else_is_refused(
    service: StoredService, provider: OidcServer, changes: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    add_user(service.store, "lin", "lead", "command", "subject-1")
    provider.changes = changes
    ended = finish(Browser(service), provider)
    assert ended.status_code == 401
    assert ended.json()["type"].endswith(":wrong-login")


def test_a_token_that_another_key_signed_is_refused(service: StoredService, provider: OidcServer) -> None:
    from joserfc.jwk import RSAKey

    from .oidc_server import shared_secret

    add_user(service.store, "lin", "lead", "command", "subject-1")
    provider.signed_by = RSAKey.generate_key(2048, {"kid": provider.key.kid})
    assert finish(Browser(service), provider).status_code == 401
    provider.signed_by, provider.algorithm = shared_secret(), "HS256"
    assert finish(Browser(service), provider).status_code == 401


def test_a_new_key_of_the_provider_is_fetched(service: StoredService, provider: OidcServer) -> None:
    from joserfc.jwk import RSAKey

    add_user(service.store, "lin", "lead", "command", "subject-1")
    assert finish(Browser(service), provider).status_code == 303
    provider.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert finish(Browser(service), provider).status_code == 303


def test_a_provider_that_is_down_is_told(service: StoredService, provider: OidcServer) -> None:
    provider.broken = True
    refused = Browser(service).ask("GET", "/v1/oidc/login", params={"lang": "en"})
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
    assert refused.json()["type"].endswith(":provider-down")


def test_an_error_of_the_provider_is_not_repeated(service: StoredService, provider: OidcServer) -> None:
    ended = finish(Browser(service), provider, error="access_denied<script>")
    assert ended.status_code == 401
    assert "script" not in ended.text


def test_no_login_over_plain_http(service: StoredService) -> None:
    remote = Browser(service, "http://smsvet.example", "192.0.2.1")
    for path in ("/v1/oidc/login", "/v1/oidc/callback"):
        refused = remote.ask("GET", path)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:smsvet:problem:plain-http")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SMSVET_OIDC_ROLES", "sms-admins=root", "SMSVET_OIDC_ROLES: "),
        ("SMSVET_OIDC_ROLES", "admin", "SMSVET_OIDC_ROLES: "),
        ("SMSVET_OIDC_ISSUER", "https://login.example", "SMSVET_OIDC_CLIENT_ID: "),
    ],
)
def test_wrong_settings_are_named(name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.say("zh").startswith(said)
    assert caught.value.say("en").startswith(said)
