"""The frame: language and theme, headers, files, and errors as pages."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from smsvet_api.console.app import create_app
from smsvet_api.console.rendering import CONTENT_POLICY
from smsvet_api.console.trying.access import TryAccess
from smsvet_api.http.problems import ProblemError
from smsvet_api.http.settings import Settings, SettingsError, read_settings

from .pages import Markup, get, post


def limited(loaded: FastAPI, **settings: object) -> FastAPI:
    """Return an application with other settings and the content of a loaded one."""
    app = create_app(Settings.model_validate(settings))
    app.state.service.active = loaded.state.service.active
    return app


def test_the_first_page_is_the_one_to_try(app: FastAPI) -> None:
    response = get(app, "/")
    assert (response.status_code, response.headers["location"]) == (302, "/try")


@pytest.mark.parametrize(
    ("accepted", "cookie", "lang"),
    [
        ("zh-CN,zh;q=0.9", "", "zh-CN"),
        ("en-GB,en;q=0.9,zh;q=0.5", "", "en"),
        ("fr,en;q=0.5", "", "en"),
        ("", "", "zh-CN"),
        ("en", "smsvet_lang=zh", "zh-CN"),
        ("zh", "smsvet_lang=en", "en"),
        ("zh", "smsvet_lang=<script>", "zh-CN"),
    ],
)
def test_the_language_is_that_of_the_cookie_or_the_browser(
    app: FastAPI, accepted: str, cookie: str, lang: str
) -> None:
    page = get(app, "/try", accepted, cookie=cookie)
    assert f'<html lang="{lang}"' in page.text


def test_a_switch_keeps_language_and_theme_in_cookies(app: FastAPI) -> None:
    response = post(app, "/preferences", {"lang": "en", "theme": "dark", "back": "/try"})
    assert (response.status_code, response.headers["location"]) == (303, "/try")
    assert (response.cookies["smsvet_lang"], response.cookies["smsvet_theme"]) == ("en", "dark")
    page = get(app, "/try", cookie="smsvet_lang=en; smsvet_theme=dark")
    assert '<html lang="en" data-theme="dark">' in page.text


@pytest.mark.parametrize("back", ["//example.com", "https://example.com", "/\\example.com", "/a\nb", "x", ""])
def test_a_switch_leads_to_no_other_site(app: FastAPI, back: str) -> None:
    assert post(app, "/preferences", {"lang": "en", "back": back}).headers["location"] == "/"


def test_a_switch_on_the_page_keeps_the_text(app: FastAPI) -> None:
    page = post(app, "/try", {"content": "您好{1}", "lang": "en"}, "zh")
    assert '<html lang="en"' in page.text
    assert "您好{1}</textarea>" in page.text
    assert page.cookies["smsvet_lang"] == "en"


def test_enter_in_a_field_does_not_press_a_switch(app: FastAPI) -> None:
    """A browser presses the first button of the form that a field belongs to."""
    page = get(app, "/try").text
    first = re.search(r'<button[^>]*form="try"[^>]*>', page)
    assert first is not None
    assert "name=" not in first[0]


@pytest.mark.parametrize("path", ["/try", "/nothing-here"])
def test_a_page_has_strict_headers(app: FastAPI, path: str) -> None:
    headers = get(app, path).headers
    assert headers["content-security-policy"] == CONTENT_POLICY
    assert "unsafe" not in CONTENT_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "text/html; charset=utf-8"


def test_files_are_kept_for_ever_under_their_digest(app: FastAPI) -> None:
    page = get(app, "/try").text
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert {address.rpartition("/")[2] for address in addresses} == {
        "console.css",
        "console.js",
        "trying.js",
        "icon.svg",
    }
    for address in addresses:
        response = get(app, address)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert get(app, "/static/000000000000/console.css").status_code == 404
    assert get(app, "/static/000000000000/..%2fstyles%2fframe.css").status_code == 404


def test_the_page_loads_nothing_else(app: FastAPI) -> None:
    loaded = [
        attributes.get("src") or attributes.get("href") or ""
        for tag, attributes in Markup(get(app, "/try").text).tags
        if tag in ("script", "link", "img")
    ]
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)


@pytest.mark.parametrize(("lang", "words"), [("zh", "没有这个页面"), ("en", "There is no such page")])
def test_an_error_is_a_page_for_a_browser(app: FastAPI, lang: str, words: str) -> None:
    response = get(app, "/nothing-here", lang)
    assert response.status_code == 404
    assert words in response.text
    assert 'class="top"' in response.text


def test_an_error_is_a_document_for_a_program(app: FastAPI) -> None:
    for path, accept in (("/nothing-here", "*/*"), ("/v1/nothing-here", "text/html")):
        response = get(app, path, accept=accept)
        assert response.headers["content-type"].startswith("application/problem+json")
        assert response.json()["status"] == 404


def test_a_failure_inside_is_a_page_with_the_number_of_its_log_line(app: FastAPI) -> None:
    async def failing() -> None:
        raise RuntimeError("secret text")

    app.add_api_route("/failing", failing)
    try:
        response = get(app, "/failing")
    finally:
        app.router.routes.pop()  # other tests share the application
    assert response.status_code == 500
    assert "服务内部错误" in response.text
    assert "urn:uuid:" in response.text
    assert "secret" not in response.text


def test_rules_that_are_not_loaded_yet_are_a_page_that_says_so() -> None:
    response = get(create_app(Settings()), "/try", "en")
    assert response.status_code == 503
    assert "The rules are being loaded" in response.text
    assert response.headers["retry-after"] == "1"


def test_the_script_gets_an_error_as_a_message() -> None:
    response = post(create_app(Settings()), "/try", {"content": "您好"}, x_fragment="verdict")
    assert response.status_code == 503
    assert response.text.strip().startswith('<div id="toast"')
    assert "规则正在加载" in response.text


def test_a_body_that_is_too_large_is_a_page(app: FastAPI) -> None:
    response = post(app, "/try", {"content": "长" * 400_000})
    assert response.status_code == 413
    assert "内容过大" in response.text


@pytest.mark.parametrize(
    ("access", "status", "words"),
    [("off", 404, "没有这个页面"), ("signed-in", 401, "请先登录"), ("open", 200, "提交之前")],
)
def test_the_operator_decides_who_may_try(app: FastAPI, access: str, status: int, words: str) -> None:
    app = limited(app, try_access=access)
    for response in (get(app, "/try"), post(app, "/try", {"content": "您好"})):
        assert response.status_code == status
        assert words in response.text
    assert ('href="/try"' in get(app, "/nothing-here").text) is (access == "open")


def test_where_the_page_is_off_the_first_page_is_the_description(app: FastAPI) -> None:
    assert get(limited(app, try_access="off"), "/").headers["location"] == "/docs"


def test_a_wrong_setting_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSVET_TRY", "everybody")
    with pytest.raises(
        SettingsError, match="SMSVET_TRY: expected one of open, signed-in, off, found 'everybody'"
    ):
        read_settings()
    monkeypatch.setenv("SMSVET_TRY", "Signed-In")
    assert read_settings().try_access == "signed-in"


def test_one_address_is_limited_and_another_is_not(app: FastAPI) -> None:
    app = limited(app)
    app.state.try_access = TryAccess("open", per_minute=3)
    statuses = [post(app, "/try", {"content": "您好"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert "请求过于频繁" in post(app, "/try", {"content": "您好"}).text
    assert get(app, "/try").status_code == 200  # nothing is reviewed on an empty page
    app.state.try_access.count("192.0.2.1", "zh")
    with pytest.raises(ProblemError):
        app.state.try_access.count("127.0.0.1", "zh")
