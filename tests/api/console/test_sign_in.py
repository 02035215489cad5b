"""The pages to sign in and to change a password, with a store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsvet_api.console.app import create_app
from smsvet_api.http.settings import Settings

from ..store.accounts import add_user
from ..store.databases import new_database
from .pages import Browser, buttons

if TYPE_CHECKING:
    from fastapi import FastAPI

PASSWORD, NEW = "correct horse battery", "another horse entirely"


@pytest.fixture
def app(tmp_path: Path, app: FastAPI) -> Iterator[FastAPI]:
    from smsvet_api.store.accounts.passwords import hashed
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.upgrading import upgrade

    with new_database("sqlite", tmp_path) as url:
        stored = create_app(Settings(database=url, try_access="signed-in"))
        stored.state.service.active = app.state.service.active
        store = stored.state.storage.store
        upgrade(store.database)
        add_user(store, "lin", "reviewer")
        with store.database.transaction() as connection:
            connection.execute(users.update().values(password=hashed(PASSWORD)))
        yield stored
        stored.state.storage.close()


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    return Browser(app)


def test_a_page_for_users_leads_through_the_login(browser: Browser) -> None:
    refused = browser.get("/try")
    assert refused.status_code == 401
    assert 'href="/login?back=/try"' in refused.text
    assert 'value="/try"' in browser.get("/login?back=/try").text
    response = browser.post("/login", {"name": "lin", "password": PASSWORD, "back": "/try"})
    assert (response.status_code, response.headers["location"]) == (303, "/try")
    assert "httponly" in response.headers["set-cookie"].lower()
    page = browser.get("/try")
    assert page.status_code == 200
    assert "lin" in page.text
    assert "审核员" in page.text


def test_a_wrong_name_and_a_wrong_password_get_the_same_page(browser: Browser) -> None:
    unknown, wrong = (
        browser.post("/login", {"name": name, "password": "x" * 12}) for name in ("nobody", "lin")
    )
    assert (unknown.status_code, wrong.status_code) == (401, 401)
    assert "用户名或密码不正确" in wrong.text
    assert unknown.text.replace("nobody", "lin") == wrong.text
    assert browser.cookies == {}


def test_many_failures_wait_and_the_page_says_how_long(browser: Browser) -> None:
    answers = [browser.post("/login", {"name": "lin", "password": "x" * 12}) for _ in range(12)]
    response = answers[-1]
    assert response.status_code == 429
    assert re.search(r"[0-9]+ ?秒", response.text)
    assert int(response.headers["retry-after"]) >= 1


@pytest.mark.parametrize("back", ["//example.com", "https://example.com/", "/\\example.com"])
def test_a_login_leads_to_no_other_site(browser: Browser, back: str) -> None:
    response = browser.post("/login", {"name": "lin", "password": PASSWORD, "back": back})
    assert response.headers["location"] == "/"


def test_another_site_can_neither_sign_in_nor_out(browser: Browser) -> None:
    sent = browser.post("/login", {"name": "lin", "password": PASSWORD}, **{"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403
    browser.post("/login", {"name": "lin", "password": PASSWORD})
    token = browser.token(browser.get("/try").text)
    assert browser.post("/logout", {"csrf": "wrong"}).status_code == 403
    assert browser.post("/logout", {"csrf": token}, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.get("/try").status_code == 200


def test_signing_out_ends_the_session(browser: Browser) -> None:
    browser.post("/login", {"name": "lin", "password": PASSWORD})
    cookies = dict(browser.cookies)
    response = browser.post("/logout", {"csrf": browser.token(browser.get("/try").text)})
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    browser.cookies = cookies
    assert browser.get("/try").status_code == 401


def test_a_password_is_changed(browser: Browser) -> None:
    browser.post("/login", {"name": "lin", "password": PASSWORD})
    token = browser.token(browser.get("/password").text)
    wrong = browser.post("/password", {"csrf": token, "old": "wrong", "new": NEW})
    assert wrong.status_code == 422
    assert "原密码不正确" in wrong.text
    changed = browser.post("/password", {"csrf": token, "old": PASSWORD, "new": NEW})
    assert (changed.status_code, changed.headers["location"]) == (303, "/")
    assert browser.get("/try").status_code == 200
    assert Browser(browser.app).post("/login", {"name": "lin", "password": PASSWORD}).status_code == 401


def test_a_password_given_once_is_changed_first(app: FastAPI, browser: Browser) -> None:
    from smsvet_api.store.accounts.tables import users

    with app.state.storage.store.database.transaction() as connection:
        connection.execute(users.update().values(must_change=True))
    response = browser.post("/login", {"name": "lin", "password": PASSWORD, "back": "/try"})
    assert response.headers["location"] == "/password"
    assert browser.get("/try").status_code == 401
    assert "一次性密码" in browser.get("/password").text


def test_the_database_may_be_down(app: FastAPI, browser: Browser) -> None:
    """Nobody is signed in then, and the login says why."""
    browser.cookies = {"__Host-smsvet": "x" * 43}
    app.state.storage.store.database.dispose()
    assert buttons(browser.get("/login").text, "lang") == ["zh", "en"]
