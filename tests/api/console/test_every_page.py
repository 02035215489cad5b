"""Every page: hostile texts stay texts, one language a page, and each form can be sent without script."""

from __future__ import annotations

import re

import pytest

from smsvet_api.console.words import entries

from .every_page import NO_PAGES, PAGES, Visit, path_of, routes_of_pages, visits
from .filled import TEXTS, reader
from .forms import Forms
from .pages import Markup
from .signed_in import Console
from .test_words import HAN

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


def shown(full: tuple[Console, dict[str, str]], visit: Visit, lang: str = "zh") -> str:
    console, names = full
    response = reader(console, visit.role, visit.name, lang).get(path_of(visit, names))
    assert response.status_code == visit.status, response.text[-2000:]
    return response.text


def named(visit: Visit) -> str:
    return f"{visit.role}-{visit.path}"


def test_every_page_has_a_row(full: tuple[Console, dict[str, str]]) -> None:
    """A new route fails here until `PAGES` has visits of it."""
    routes = {route for route in routes_of_pages(full[0].app) if route.startswith("GET ")}
    assert routes == set(PAGES) | NO_PAGES


@pytest.mark.parametrize("visit", VISITS, ids=named)
def test_hostile_texts_stay_texts(full: tuple[Console, dict[str, str]], visit: Visit) -> None:
    page = shown(full, visit)
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
def test_a_page_is_in_one_language(full: tuple[Console, dict[str, str]], visit: Visit) -> None:
    """Texts of others, names and sources say their language, or that they are not to be translated."""
    english = Markup(shown(full, visit, "en"))
    own = [QUOTED.sub("", part) for part in english.own]
    assert [part for part in own if HAN.search(part)] == []
    chinese = Markup(shown(full, visit))
    text = " ".join(part.strip() for part in chinese.own)
    assert {words for words in OUR_PHRASES if words in text} == set()


@pytest.mark.parametrize("visit", VISITS, ids=named)
def test_each_form_is_complete_without_script(full: tuple[Console, dict[str, str]], visit: Visit) -> None:
    """Each form has an address of ours and a button of its own, and what changes something carries the token."""
    page = shown(full, visit)
    routes = routes_of_pages(full[0].app)
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
