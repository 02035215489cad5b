"""The page of the API: Swagger UI with files of this host only, and with examples that can be sent."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest
from fastapi import FastAPI

from smsvet_api.http import docs_page
from smsvet_api.http.app import create_app
from smsvet_api.http.docs_page import ASSETS, SECURITY
from smsvet_api.http.settings import Settings

from ..required import missing
from .client import ask


@pytest.fixture(scope="module")
def app() -> FastAPI:
    if find_spec("fastapi_offline") is None:
        missing("fastapi-offline is not installed")
    return create_app(Settings(log_level="error"))


def test_the_page_names_only_files_of_this_host(app: FastAPI) -> None:
    page = ask(app, "GET", "/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    links = set(re.findall(r'(?:src|href)="([^"]*)"', page.text))
    assert links == {"data:,", *(f"docs/{name}" for name in ASSETS)}
    assert "//" not in re.sub(r"<!doctype html>", "", page.text)


def test_the_policy_of_the_page_allows_this_host_and_its_own_script(app: FastAPI) -> None:
    assert ask(app, "GET", "/docs").headers["content-security-policy"] == SECURITY
    assert SECURITY.startswith("default-src 'none'; script-src 'self' 'sha256-")
    assert "unsafe-inline" not in SECURITY.partition("style-src")[0]
    assert "unsafe-eval" not in SECURITY
    assert ask(app, "GET", "/healthz").headers["content-security-policy"] != SECURITY


@pytest.mark.parametrize(("name", "media_type"), list(ASSETS.items()))
def test_the_files_come_from_the_package(app: FastAPI, name: str, media_type: str) -> None:
    answer = ask(app, "GET", f"/docs/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert len(answer.content) > 100_000
    assert "max-age" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["redoc.standalone.js", "..%2Fcore.py", "%2e%2e/core.py", "x"])
def test_no_other_file_is_served(app: FastAPI, name: str) -> None:
    assert ask(app, "GET", f"/docs/{name}").status_code == 404


@pytest.mark.parametrize(("lang", "said"), [("zh", "此页需要"), ("en", "This page needs")])
def test_without_the_package_the_page_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.setattr(docs_page, "find_spec", lambda _name: None)
    without = create_app(Settings(log_level="error"))
    for path in ("/docs", "/docs/swagger-ui.css"):
        answer = ask(without, "GET", path, params={"lang": lang})
        assert answer.status_code == 404
        assert said in answer.json()["detail"]
        assert "smsvet[service]" in answer.json()["detail"]
