"""Clusters, decisions, submissions and settings in Chromium: by keyboard, and for everybody to read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from . import test_reviewers_day
from .signed_in import COOKIE
from .test_clusters import PLAIN, open_cases, other_verdict, states
from .test_in_browser import SERIOUS, WAIT, Seen, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from smsvet_api.store.accounts.roles import Role

    from .test_reviewers_day import Served

T = TypeVar("T")

pytestmark = pytest.mark.slow
service = test_reviewers_day.served
TEXT = "您的验证码为｛1｝，加微信领取资料，{2}分钟内有效。"


def apart(function: Callable[..., T], *args: Any, **named: Any) -> T:
    """Return the result of a function that runs an event loop, which Playwright does in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *args, **named).result()


def page_of(service: Served, role: Role, name: str, theme: Any = "light") -> Page:
    """Return a page of a user, who may be signed in already."""
    context = service.browser.new_context(
        locale="zh-CN", viewport={"width": 1280, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    context.set_default_timeout(WAIT)
    cookie = service.console.browser(role, name).cookies[COOKIE]
    address = service.address.replace("http:", "https:")  # browsers send it to this machine without TLS too
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": address, "secure": True}])
    return context.new_page()


def problems(page: Page) -> list[Any]:
    """Return the serious problems of accessibility on a page."""
    page.evaluate(axe())
    violations = page.evaluate("axe.run().then((found) => found.violations)")
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in violations
        if one["impact"] in SERIOUS
    ]


def test_a_cluster_is_decided_and_undone_by_keyboard_alone(service: Served) -> None:
    ids, cluster = apart(open_cases, service.console, PLAIN, PLAIN, PLAIN, PLAIN)
    other_verdict(service.console, ids[3])
    page = page_of(service, "reviewer", "lin")
    seen = Seen(page)
    page.goto(f"{service.address}/clusters/{cluster}")
    ticked = page.locator("input[name=case]:checked")
    assert ticked.count() == 3
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    assert ticked.count() == 2
    assert page.locator(f"input[value='{ids[1]}']").is_checked() is False
    page.keyboard.press("r")
    page.wait_for_selector(".confirm-card")
    assert "将拒绝 2 条" in page.locator("h1").inner_text()
    assert states(service.console, ids) == ["open"] * 4
    assert problems(page) == []
    page.keyboard.press("Enter")
    page.locator("h1", has_text="已拒绝 2 条").wait_for()
    assert problems(page) == []
    assert states(service.console, ids) == ["decided", "open", "decided", "open"]
    page.keyboard.press("u")
    page.locator("h1", has_text="同类 4 件").wait_for()
    assert states(service.console, ids) == ["open"] * 4
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    assert seen.messages == []
