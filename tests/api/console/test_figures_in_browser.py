"""The pages of rules in Chromium: shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .decided import RULE, overturned
from .serving import serving
from .test_in_browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from .signed_in import Console

__all__ = ["chromium"]
pytestmark = pytest.mark.slow


@pytest.fixture
def address(console: Console) -> Iterator[str]:
    overturned(console, "很" * 900, note="x" * 300)
    with serving(console.app) as found:
        yield found


def cookies(console: Console) -> str:
    """Return the cookie of a lead."""
    found = console.browser("lead", "zhou").cookies
    return "; ".join(f"{name}={value}" for name, value in found.items())


def test_a_key_collects_an_example(console: Console, address: str, chromium: Browser) -> None:
    context = chromium.new_context(locale="zh-CN")
    context.set_extra_http_headers({"cookie": cookies(console)})
    page = context.new_page()
    page.goto(f"{address}/rules/{RULE}")
    with page.expect_navigation():
        page.keyboard.press("x")
    page.goto(f"{address}/rules/basket")
    assert page.locator("tbody tr").count() == 1
    context.close()
