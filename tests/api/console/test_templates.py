"""Templates have no inline style, script or handler, so that the strict content policy never blocks anything."""

from __future__ import annotations

import re

import pytest

from smsvet_api.console.rendering import TEMPLATES, environment

FORBIDDEN = {
    "an inline style": r"<style\b|\sstyle\s*=",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event handler": r"\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "markup that is not escaped": r"\|\s*safe\b|autoescape\s+false|Markup\(",
    "another site's file": r"""<(?:script|link|img)[^>]*(?:src|href)\s*=\s*["'](?:https?:)?//""",
}


@pytest.mark.parametrize("name", environment().list_templates())
def test_a_template_has_nothing_that_the_policy_blocks(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    found = {what: re.findall(pattern, source) for what, pattern in FORBIDDEN.items()}
    assert {what: places for what, places in found.items() if places} == {}


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ('<p style="color:red">', "an inline style"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<b onclick="x()">', "an event handler"),
        ("{{ text|safe }}", "markup that is not escaped"),
        ('<script src="https://example.com/x.js"></script>', "another site's file"),
    ],
)
def test_the_patterns_find_what_they_forbid(source: str, what: str) -> None:
    assert re.search(FORBIDDEN[what], source)


@pytest.mark.parametrize("name", environment().list_templates())
def test_a_form_that_is_sent_has_a_method_and_an_address(name: str) -> None:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    for form in re.findall(r"<form\b[^>]*>", source):
        assert re.search(r'method="(post|get)"', form), form
        assert re.search(r'action="/[a-z]', form), form
