"""The table of shortcuts: what pages, hints and the dialog show of it."""

from __future__ import annotations

import re

import pytest

from smsvet_api.console.keys import SHORTCUTS, Keys
from smsvet_api.console.rendering import TEMPLATES
from smsvet_api.console.viewer import NAVIGATION
from smsvet_api.console.words import entries


def test_a_key_means_one_thing_on_a_page() -> None:
    for scope in {one.scope for one in SHORTCUTS}:
        keys = [one.keys for one in SHORTCUTS if one.scope in (scope, "everywhere")]
        assert len(keys) == len(set(keys)), scope
        assert f"keys.scope.{scope}" in entries()


def test_no_editing_key_is_a_command() -> None:
    assert {"Backspace", "Delete", "Enter", " "} & {one.keys for one in SHORTCUTS} == set()


def test_a_button_states_its_key() -> None:
    keys = Keys("case", "zh")
    assert keys("approve") == 'data-key="a" aria-keyshortcuts="a"'
    assert keys("reason-1", 2) == 'data-key="3" aria-keyshortcuts="3"'
    assert ">r</kbd>" in keys.hint("reject")
    with pytest.raises(KeyError):
        keys("nothing")


def test_shortcuts_that_are_switched_off_are_not_shown() -> None:
    keys = Keys("case", "zh", on=False)
    assert (keys("approve"), keys.hint("approve")) == ("", "")


def test_templates_take_keys_from_the_table() -> None:
    known = {one.keys for one in SHORTCUTS}
    for path in TEMPLATES.rglob("*.jinja"):
        written = re.findall(r'data-key="([^"{]+)"', path.read_text(encoding="utf-8"))
        assert set(written) <= known, path.name


def test_the_navigation_takes_keys_from_the_table() -> None:
    known = {one.keys for one in SHORTCUTS}
    assert {f"g {item.key}" for item in NAVIGATION if item.key} <= known
