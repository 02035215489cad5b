"""Every page: hostile texts stay texts, one language a page, and each form can be sent without script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from smsvet_api.console.words import entries

from .every_page import NO_PAGES, PAGES, Visit, path_of, routes_of_pages, visits
from .filled import TEXTS, fill, reader
from .forms import Forms
from .pages import Markup
from .signed_in import Console
from .signed_in import console as console_on
from .test_words import HAN

if TYPE_CHECKING:
    from fastapi import FastAPI

CONTROLS = {"\u202e", "\u2066", "\ufeff", "\u200b", "\x00", "\x1b"}
LAST_LINE = "\u200b"
"""Ends the marks under a field of /try, so that an empty last line has a height."""
COPIED = re.compile('data-copy-text="[^"]*"')
"""The text as it was submitted, for the clipboard."""
VISIBLE = ("倒序", "[31m", "e\u0301")
"""What is left of texts whose other characters are shown by their numbers."""
QUOTED = re.compile("“[^”]*”|(?<=normalised: ).*", re.DOTALL)
"""Messages quote the text."""
VISITS = list(visits())
OUR_PHRASES = {
    entry["en"] for entry in entries().values() if "{" not in entry["en"] and " " in entry["en"].strip()
}


@pytest.fixture(scope="module")
def filled(
    app: FastAPI, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Console, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("filled")
    (folder / "reports").mkdir()
    settings = {"reports": folder / "reports", "requests_per_minute": 1_000_000}
    with console_on(app, folder, **settings) as console:
        yield console, fill(console, folder / "reports")


def shown(filled: tuple[Console, dict[str, str]], visit: Visit, lang: str = "zh") -> str:
    console, names = filled
    response = reader(console, visit.role, visit.name, lang).get(path_of(visit, names))
    assert response.status_code == visit.status, response.text[-2000:]
    return response.text


def named(visit: Visit) -> str:
    return f"{visit.role}-{visit.path}"


def test_every_page_has_a_row(filled: tuple[Console, dict[str, str]]) -> None:
    """A new route fails here until `PAGES` has visits of it."""
    routes = {route for route in routes_of_pages(filled[0].app) if route.startswith("GET ")}
    assert routes == set(PAGES) | NO_PAGES


@pytest.mark.parametrize("visit", VISITS, ids=named)
def test_hostile_texts_stay_texts(filled: tuple[Console, dict[str, str]], visit: Visit) -> None:
    page = shown(filled, visit)
    markup = Markup(page)
    own = [attributes.get("src") or "" for tag, attributes in markup.tags if tag == "script"]
    assert own
    assert all(source.startswith("/static/") for source in own)
    assert {tag for tag, _ in markup.tags} & {"img", "iframe", "object", "embed"} <= (
        {"iframe"} if "view=html" in visit.path else set()
    )
    names = {name for _, attributes in markup.tags for name in attributes}
    assert {name for name in names if name.startswith("on") or name == "style"} == set()
    addresses = [attributes.get("href") or "" for _, attributes in markup.tags]
    assert [one for one in addresses if not re.match(r"/|#|\?|https?://", one) and one] == []
    text = "".join(markup.text)
    assert set(COPIED.sub("", page) + text.replace(LAST_LINE, "")) & CONTROLS == set()
    assert "owned" not in page or "document.title='owned'" in text
    if visit.texts:
        assert any(one in text for one in (*TEXTS, *VISIBLE)), "the page shows none of the texts"


@pytest.mark.parametrize("visit", VISITS, ids=named)
def test_a_page_is_in_one_language(filled: tuple[Console, dict[str, str]], visit: Visit) -> None:
    """Texts of others, names and sources say their language, or that they are not to be translated."""
    english = Markup(shown(filled, visit, "en"))
    own = [QUOTED.sub("", part) for part in english.own]
    assert [part for part in own if HAN.search(part)] == []
    chinese = Markup(shown(filled, visit))
    text = " ".join(part.strip() for part in chinese.own)
    assert {words for words in OUR_PHRASES if words in text} == set()


@pytest.mark.parametrize("visit", VISITS, ids=named)
def test_each_form_is_complete_without_script(filled: tuple[Console, dict[str, str]], visit: Visit) -> None:
    """Each form has an address of ours and a button of its own, and what changes something carries the token."""
    page = shown(filled, visit)
    routes = routes_of_pages(filled[0].app)
    for form in Forms(page).forms:
        addresses = {address for _, _, address in form.buttons}
        for address in addresses:
            method = form.method.upper()
            assert any(matches(route, f"{method} {address.partition('?')[0]}") for route in routes), address
        if form.method == "post" and form.action not in ("/login", "/preferences", "/try"):
            assert "csrf" in dict(form.values), form.action


def matches(route: str, request: str) -> bool:
    pattern = re.sub(r"\\\{[^}]*:path\\\}", ".+", re.escape(route))
    return re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^/]+", pattern), request) is not None
