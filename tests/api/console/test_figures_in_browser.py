"""The pages of rules, the dashboard and quality in Chromium: contrast, width, labels, shortcuts, no message of the policy."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from .decided import OTHER, RULE, overturned, second_review, waiting
from .pages import HOSTILE
from .test_in_browser import OPEN_ALL, SERIOUS, Seen, axe, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from .signed_in import Console

__all__ = ["chromium"]
pytestmark = pytest.mark.slow
PATHS = (
    f"/rules/{RULE}", "/rules?sort=hits", "/rules?q=zzzz", f"/rules/{OTHER}", "/rules/basket",
    "/dashboard?compare=1", "/dashboard?range=custom", "/quality",
)  # fmt: skip


@contextmanager
def served(console: Console) -> Iterator[str]:
    """Serve the application, and provide its address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(console.app, port=0, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def address(console: Console) -> Iterator[str]:
    for text in (*HOSTILE[:4], "很" * 900, "x" * 300):
        overturned(console, text, note=text)
        second_review(console, text, "reject", "approve")
    second_review(console, "请核实您的信息", "approve", "approve")
    for _ in range(12):
        waiting(console)
    with served(console) as found:
        yield found


def cookies(console: Console) -> str:
    """Return the cookie of a lead."""
    found = console.browser("lead", "zhou").cookies
    return "; ".join(f"{name}={value}" for name, value in found.items())


@pytest.mark.parametrize(("width", "theme", "lang"), [(1280, "light", "zh-CN"), (390, "dark", "en-US")])
def test_every_page_is_readable_and_fits(
    console: Console, address: str, chromium: Browser, width: int, theme: Any, lang: str
) -> None:
    script = axe()
    context = chromium.new_context(color_scheme=theme, locale=lang, reduced_motion="reduce")
    context.set_extra_http_headers({"cookie": cookies(console)})
    page = context.new_page()
    seen = Seen(page)
    for path in PATHS:
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate(OPEN_ALL)
        for size in (1280, 390):
            page.set_viewport_size({"width": size, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= size, path
        page.set_viewport_size({"width": width, "height": 800})
        assert seen.messages == [], path
        page.evaluate(script)
        violations = page.evaluate("axe.run().then((found) => found.violations)")
        serious = [
            (one["id"], [node["target"] for node in one["nodes"]][:3])
            for one in violations
            if one["impact"] in SERIOUS
        ]
        assert serious == [], path
    context.close()


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
