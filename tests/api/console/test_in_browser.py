"""The page in Chromium: live verdicts, marks under the text, fixes, input methods, shortcuts, contrast and width."""

from __future__ import annotations

import importlib.util
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..required import missing
from .pages import FIXED, FULL_WIDTH, HOSTILE

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
WAIT = 60_000
"""Milliseconds after which something that should appear is missing; the machine may be busy."""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("SMSVET_TEST_BROWSER") or shutil.which("chromium")
    if path is None:
        missing("no browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Seen:
    """The messages in the console of a page, and its requests."""

    def __init__(self, page: Page) -> None:
        self.messages: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("dialog", lambda dialog: self.messages.append(dialog.message))
        page.on("request", lambda request: self.requests.append(f"{request.method} {request.url}"))

    def reviews(self) -> int:
        return sum(request.startswith("POST") and request.endswith("/try") for request in self.requests)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT)
    yield context.new_page()
    context.close()


def decided(page: Page, decision: str) -> None:
    page.wait_for_selector(f"#try-decision.{decision}")


def test_a_verdict_follows_what_is_typed(page: Page, address: str) -> None:
    seen = Seen(page)
    page.goto(f"{address}/try")
    page.focus("#try-content")
    page.keyboard.insert_text(FULL_WIDTH)
    decided(page, "reject")
    assert page.locator("#try-marks mark.reject").first.inner_text() == "｛1｝"
    page.wait_for_selector("#try-providers .side")
    assert page.evaluate("document.activeElement.id") == "try-content"
    # Typing before a mark moves it along at once, without a new verdict.
    before = seen.reviews()
    page.evaluate("document.querySelector('#try-content').setSelectionRange(0, 0)")
    page.keyboard.type("新")
    assert page.locator("#try-marks mark.reject").first.inner_text() == "｛1｝"
    assert page.locator("#try-marks").text_content() == f"新{FULL_WIDTH}\u200b"
    assert seen.reviews() <= before + 1
    assert seen.messages == []


ALIGNED = """() => {
  const [field, marks] = ["#try-content", "#try-marks"].map((name) => document.querySelector(name));
  const style = (one) => {
    const found = getComputedStyle(one);
    return ["font", "lineHeight", "padding", "letterSpacing", "whiteSpace", "overflowWrap", "wordBreak", "tabSize", "textAlign"].map((name) => found[name]);
  };
  const box = (one) => { const { x, y, width, height } = one.getBoundingClientRect(); return [x, y, width, height]; };
  return [style(field), style(marks), box(field), box(marks), field.scrollHeight, marks.scrollHeight, field.clientWidth, marks.clientWidth];
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_marks_lie_under_the_text(page: Page, address: str, width: int) -> None:
    """Field and overlay have the same box and the same text metrics, so each line breaks at the same place."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}/try")
    for text in (
        "您好",
        "第一行\n\n  第三行 " + "加微信abc123领取 http://t.cn/abc " * 30,
        "a\tb" * 200 + "\n",
    ):
        page.fill("#try-content", text)
        assert page.locator("#try-marks").text_content() == f"{text}\u200b"
        own, marks, *boxes = page.evaluate(ALIGNED)
        assert own == marks
        assert boxes[0] == boxes[1]
        assert boxes[2] == boxes[3]
        assert boxes[4] == boxes[5]


def test_a_fix_is_one_click_and_can_be_undone(page: Page, address: str) -> None:
    seen = Seen(page)
    page.goto(f"{address}/try?example=full-width")
    page.click("#try-verdict .fix")
    decided(page, "approve")
    assert page.input_value("#try-content") == FIXED
    page.keyboard.press("Control+z")
    assert page.input_value("#try-content") == FULL_WIDTH
    decided(page, "reject")
    assert seen.messages == []


def test_an_input_method_sends_nothing_before_it_is_done(page: Page, address: str) -> None:
    seen = Seen(page)
    page.goto(f"{address}/try")
    page.focus("#try-content")
    method = page.context.new_cdp_session(page)
    for written in ("y", "ya", "yan", "yanzhengma"):
        method.send(
            "Input.imeSetComposition",
            {"text": written, "selectionStart": len(written), "selectionEnd": len(written)},
        )
        page.wait_for_timeout(350)
    assert seen.reviews() == 0
    method.send("Input.insertText", {"text": "验证码{1}"})
    page.wait_for_selector("#try-verdict:not(.none)")
    assert page.input_value("#try-content") == "验证码{1}"
    assert seen.messages == []


def test_shortcuts_leave_typing_and_input_methods_in_peace(page: Page, address: str) -> None:
    page.goto(f"{address}/nothing-here")
    press = "keys => keys.forEach(([key, more]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...more})))"
    for more in ({"isComposing": True}, {"keyCode": 229}, {"ctrlKey": True}, {"repeat": True}):
        page.evaluate(press, [["g", {}], ["t", more]])
        page.evaluate(press, [["x", {}]])
    assert page.url.endswith("/nothing-here")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/try")
    page.focus("#try-content")
    page.keyboard.type("gt")
    assert page.input_value("#try-content") == "gt"


def test_a_link_never_sends_its_text(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/try?example=full-width")
    page.click("[data-copy-link]")
    page.wait_for_selector("#toast:not(:empty)")
    link = page.evaluate("navigator.clipboard.readText()")
    seen = Seen(page)
    page.goto(link)
    decided(page, "reject")
    assert page.input_value("#try-content") == FULL_WIDTH
    assert [request for request in seen.requests if "text=" in request] == []
    assert "purpose=verification" in link.partition("#")[0]


def test_a_request_that_is_lost_keeps_the_text(page: Page, address: str) -> None:
    page.goto(f"{address}/try")
    page.route("**/try", lambda route: route.abort())
    page.fill("#try-content", FULL_WIDTH)
    page.locator("#toast", has_text="未送达").wait_for()
    assert page.input_value("#try-content") == FULL_WIDTH
    page.unroute("**/try")
    page.click(".check")
    decided(page, "reject")


def test_hostile_texts_run_nothing(page: Page, address: str) -> None:
    seen = Seen(page)
    page.goto(f"{address}/try")
    page.fill("#try-content", "\n".join(HOSTILE))
    page.wait_for_selector("#try-verdict:not(.none)")
    page.fill("#try-about", HOSTILE[1])
    page.click("[value=explain]")
    page.wait_for_selector(".explanation")
    assert page.title().startswith("试一试")
    assert seen.messages == []
    page.evaluate(
        "document.body.appendChild(Object.assign(document.createElement('script'), {text: 'window.owned = 1'}))"
    )
    assert page.evaluate("window.owned") is None
    assert "Content Security Policy" in seen.messages[0]


def test_the_theme_changes_at_once_and_is_kept(page: Page, address: str) -> None:
    page.goto(f"{address}/try?example=gap")
    with page.expect_response("**/preferences"):
        page.click("[data-theme-names]")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    with page.expect_response("**/preferences"):
        page.click("[data-theme-names]")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_without_script_the_page_works(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(f"{address}/try")
    page.fill("#try-content", FULL_WIDTH)
    page.click(".check")
    page.locator("#try-verdict .fix").first.click()
    assert page.input_value("#try-content") == FIXED
    page.click("[name=lang][value=zh]")
    assert page.input_value("#try-content") == FIXED
    assert "试一试" in page.title()
    context.close()


def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    scripts = list(Path(str(found.origin)).parent.rglob("axe.min.js")) if found else []
    if not scripts:
        missing("axe-playwright-python is not installed")
    return scripts[0].read_text(encoding="utf-8")


STATES = ("/try", "/try?example=wechat", "/try?example=clean", "/try?as_of=x&example=gap", "/nothing-here")


@pytest.mark.parametrize(("width", "theme", "lang"), [(1280, "light", "zh-CN"), (390, "dark", "en-US")])
def test_every_state_is_readable_and_fits(
    chromium: Browser, address: str, width: int, theme: Any, lang: str
) -> None:
    """Axe finds nothing serious in any state, in either theme, and no page scrolls sideways at either width."""
    script = axe()
    context = chromium.new_context(color_scheme=theme, locale=lang, reduced_motion="reduce")
    page = context.new_page()
    for path in STATES:
        page.goto(address + path)
        page.evaluate(OPEN_ALL)
        for size in (1280, 390):
            page.set_viewport_size({"width": size, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= size, path
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(script)
        violations = page.evaluate("axe.run().then((found) => found.violations)")
        serious = [
            (one["id"], [node["target"] for node in one["nodes"]][:3])
            for one in violations
            if one["impact"] in SERIOUS
        ]
        assert serious == [], path
    context.close()


OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => { one.open = !one.matches('.menu'); })"


def test_twice_the_size_needs_no_sideways_scroll(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 x 900 at 200 %
    page.goto(f"{address}/try?example=wechat")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_rule_is_tried_beside_the_text(
    page: Page, app: FastAPI, address: str, monkeypatch: pytest.MonkeyPatch, width: int, theme: Any
) -> None:
    monkeypatch.setattr(app.state.try_access, "rules", "open")
    monkeypatch.setattr(app.state.content_trials, "seconds", 200)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    seen = Seen(page)
    page.goto(f"{address}/try")
    page.fill("#try-content", "您好，您的包裹今晚送达。")
    decided(page, "approve")
    page.click("#try-rules > summary")
    page.click("button[value=sample]")
    page.locator("#try-draft").and_(page.locator(":not(:placeholder-shown)")).wait_for()
    page.wait_for_timeout(500)
    reviews = seen.reviews()
    page.focus("#try-draft")
    page.keyboard.type("# note")
    page.wait_for_timeout(1500)
    assert seen.reviews() == reviews, "the text has not changed"
    page.click("button[value=rules]")
    page.wait_for_selector("#try-trial .tried-text mark")
    assert page.locator("#try-trial .tried-text mark").inner_text() == "今晚送达"
    assert page.input_value("#try-draft").count("# note") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(axe())
    violations = page.evaluate("axe.run('#try-rules').then((found) => found.violations)")
    assert [one["id"] for one in violations if one["impact"] in SERIOUS] == []
    assert seen.messages == []


def test_an_example_of_the_api_can_be_sent(page: Page, address: str) -> None:
    if importlib.util.find_spec("fastapi_offline") is None:
        missing("fastapi-offline is not installed")
    seen = Seen(page)
    page.goto(f"{address}/docs")
    page.click("#operations-review-review .opblock-summary-control")
    page.click("#operations-review-review .execute")
    page.wait_for_selector("#operations-review-review .live-responses-table")
    status = page.locator("#operations-review-review .live-responses-table tbody .response-col_status")
    assert status.first.inner_text().split() == ["200"]
    assert seen.messages == []
    assert all(request.split()[1].startswith(address) for request in seen.requests)
