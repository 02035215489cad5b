"""One's own settings, kept in the account, and the sessions in other browsers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from smsvet_api.console.me.agents import browser_name

from .pages import HOSTILE, Browser, Markup
from .signed_in import COOKIE, Console, session_of
from .test_words import HAN

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role


def another_browser(
    console: Console, name: str, agent: str = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
) -> Browser:
    """Return a second browser of a user who is signed in."""
    from smsvet_api.store.accounts.sessions import begin_session
    from smsvet_api.store.accounts.tables import users

    browser = Browser(console.app)
    with console.store.database.transaction() as connection:
        row = connection.execute(users.select().where(users.c.name == name)).one()
        browser.cookies[COOKIE] = begin_session(connection, console.store.now(), row, agent).cookie
    return browser


def chosen(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" checked>', page)
    return dict(found)


def test_settings_follow_the_user_into_other_browsers(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    page = lin.get("/me").text
    assert chosen(page) == {"lang": "zh", "theme": "auto", "shortcuts": "on"}
    form = {"csrf": lin.token(page), "lang": "en", "theme": "dark", "shortcuts": "off"}
    assert lin.post("/me/preferences", form).headers["location"] == "/me"
    page = lin.get("/me").text
    assert "Saved" in page
    assert '<html lang="en" data-theme="dark">' in page
    assert chosen(page) == {"lang": "en", "theme": "dark", "shortcuts": "off"}
    assert 'data-shortcuts="off"' in page
    other = another_browser(console, "lin")
    assert 'data-shortcuts="off"' in other.get("/me").text
    other.get("/")  # where a login at a provider ends
    assert '<html lang="en" data-theme="dark">' in other.get("/me").text


def test_a_login_brings_the_settings_of_the_account(console: Console) -> None:
    from smsvet_api.store.accounts.passwords import hashed
    from smsvet_api.store.accounts.tables import users

    lin = console.browser("reviewer", "lin")
    form = {"csrf": lin.token(lin.get("/me").text), "lang": "en", "theme": "light"}
    lin.post("/me/preferences", form)
    with console.store.database.transaction() as connection:
        connection.execute(users.update().values(password=hashed("a long enough phrase")))
    fresh = Browser(console.app)
    assert fresh.post("/login", {"name": "lin", "password": "a long enough phrase"}).status_code == 303
    assert '<html lang="en" data-theme="light">' in fresh.get("/me").text


def test_the_switches_of_the_frame_are_kept_in_the_account_too(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    assert lin.post("/preferences", {"theme": "dark", "back": "/me"}).headers["location"] == "/me"
    lin.post("/try", {"lang": "en", "content": ""})
    other = another_browser(console, "lin")
    other.get("/")
    assert '<html lang="en" data-theme="dark">' in other.get("/me").text


def test_a_switch_that_another_site_sends_changes_no_account(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    lin.post("/preferences", {"theme": "dark"}, **{"sec-fetch-site": "cross-site"})
    other = another_browser(console, "lin")
    other.get("/")
    assert 'data-theme="auto"' in other.get("/me").text
    assert lin.post("/me/preferences", {"csrf": "wrong", "theme": "dark"}).status_code == 403


def test_sessions_are_listed_and_ended(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    others = [another_browser(console, "lin") for _ in range(3)]
    page = lin.get("/me").text
    assert page.count("Firefox · Linux") >= 3
    assert len(re.findall('class="chip current"', page)) == 1
    numbers = re.findall(r'name="session" value="(\d+)"', page)
    assert len(numbers) == 4
    form = {"csrf": lin.token(page), "session": numbers[0]}
    assert lin.post("/me/sessions/end", form).headers["location"] == "/me"
    assert "已退出该浏览器" in lin.get("/me").text
    assert others[2].get("/me").status_code == 303, "signed out"
    lin.post("/me/sessions/end", form)
    assert "先前已失效" in lin.get("/me").text
    assert lin.post("/me/sessions/end-others", form).headers["location"] == "/me"
    assert "已退出其他 2 个浏览器" in lin.get("/me").text
    assert [other.get("/me").status_code for other in others] == [303] * 3
    own = re.findall(r'name="session" value="(\d+)"', lin.get("/me").text)
    assert lin.post("/me/sessions/end", form | {"session": own[0]}).headers["location"] == "/login"
    assert lin.get("/me").status_code == 303


def test_nobody_ends_the_session_of_somebody_else(console: Console) -> None:
    lin = console.browser("reviewer", "lin")
    wu = console.browser("reviewer", "wu")
    number = re.findall(r'name="session" value="(\d+)"', wu.get("/me").text)[0]
    for odd in (number, "", "x", "9" * 30):
        form = {"csrf": lin.token(lin.get("/me").text), "session": odd}
        assert lin.post("/me/sessions/end", form).status_code == 303
    assert wu.get("/me").status_code == 200


def test_every_role_has_the_page(console: Console) -> None:
    roles: tuple[Role, ...] = ("submitter", "reviewer", "lead", "rule_manager", "auditor", "admin")
    for role in roles:
        page = console.browser(role).get("/me")
        assert page.status_code == 200
        assert 'href="/me"' in page.text
        assert 'href="/password"' in page.text
    assert Browser(console.app).get("/me").headers["location"].startswith("/login")


def test_a_hostile_browser_name_stays_text_and_the_page_is_in_one_language(console: Console) -> None:
    session_of(console.store, "eve", "reviewer")
    for text in HOSTILE:
        last = another_browser(console, "eve", text)
    page = last.get("/me").text
    tags = Markup(page).tags
    assert [tag for tag, known in tags if tag == "img" or (tag == "script" and "src" not in known)] == []
    assert not set(page) & {"\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b"}
    last.cookies["smsvet_lang"] = "en"
    assert [part for part in Markup(last.get("/me").text).own if HAN.search(part)] == []


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
            "Safari · macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0",
            "WeChat · iPhone",
        ),
        ("curl/8.1", "curl"),
        ("something of its own", "something of its own"),
        ("  ", ""),
    ],
)
def test_a_browser_is_named(agent: str, name: str) -> None:
    assert browser_name(agent) == name
