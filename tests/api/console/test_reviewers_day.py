"""A reviewer's day in Chromium: thirty cases by keyboard, an undo, a hold, a conflict, a blind second review, a cluster.

Each decision is in the trail, which verifies at the end.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..required import missing
from .case_parts import AGENCY, LESSON, resolution_of, state_of
from .signed_in import COOKIE, Console, session_of
from .signed_in import console as console_on
from .test_in_browser import WAIT, Seen

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
NUMBERS = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄"


@dataclass
class Served:
    """The service at an address, and the pages of its users."""

    console: Console
    address: str
    browser: Browser

    def page(self, role: str, name: str, **options: Any) -> Page:
        """Return a page of a user who is signed in."""
        context = self.browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}, **options)
        context.set_default_timeout(WAIT)
        cookie = session_of(self.console.store, name, role)[COOKIE]  # type: ignore[arg-type]
        address = self.address.replace("http:", "https:")  # browsers send it to this machine without TLS too
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": address, "secure": True}])
        return context.new_page()


@pytest.fixture
def served(app: FastAPI, tmp_path: Path) -> Iterator[Served]:
    import uvicorn
    from playwright.sync_api import sync_playwright

    path = os.environ.get("SMSVET_TEST_BROWSER") or shutil.which("chromium")
    if path is None:
        missing("no browser")
    with console_on(app, tmp_path) as console, sync_playwright() as playwright:
        config = uvicorn.Config(console.app, port=0, lifespan="off", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield Served(console, f"http://127.0.0.1:{port}", browser)
        browser.close()
        server.should_exit = True
        thread.join()


def title(page: Page) -> int:
    """Return the case that a page shows."""
    return int(page.locator("h1").inner_text().split()[-1])


def shows(page: Page, *, other_than: int | None = None, case: int | None = None) -> int:
    """Wait until a page shows a case, and return it."""
    expected = f"h1.textContent.endsWith(' {case}')" if case else f"!h1.textContent.endsWith(' {other_than}')"
    page.wait_for_function(
        f"() => {{ const h1 = document.querySelector('.case h1'); return h1 && {expected}; }}"
    )
    return title(page)


def events(console: Console) -> list[tuple[str, str]]:
    import sqlalchemy as sa

    from smsvet_api.store.trail.tables import events as table

    with console.store.database.reading() as connection:
        rows = connection.execute(sa.select(table.c.kind, table.c.subject).order_by(table.c.seq))
        return [(row.kind, row.subject) for row in rows]


def submit(console: Console, text: str, **fields: Any) -> None:
    """Submit a text. Playwright runs an event loop in this thread, so that the request needs another one."""
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(console.submit, text, **fields).result().status_code == 201


def fill(console: Console, number: int) -> None:
    for place in range(number):
        text = (AGENCY, LESSON)[place % 2]
        submit(console, f"{text}，{NUMBERS[place]}店")


def test_a_reviewers_day(served: Served) -> None:
    from smsvet_api.store.quality.rates import Rates, write_rates
    from smsvet_api.store.trail.verifying import verify

    console = served.console
    with console.store.database.transaction() as connection:
        write_rates(connection, Rates(0, 0))
    fill(console, 34)
    page = served.page("reviewer", "lin")
    seen = Seen(page)
    page.goto(f"{served.address}/queue")
    assert page.locator("#queue-rows [data-row]").count() == 34
    page.keyboard.press("c")
    case = shows(page)
    decided: list[int] = []
    for place in range(30):
        if place % 3:
            page.keyboard.press("a")
        else:
            page.keyboard.press("r")
            page.keyboard.press("1")
            page.keyboard.press("Enter")
        following = shows(page, other_than=case)
        assert page.evaluate("document.activeElement.tagName") == "H1"
        assert page.locator("#toast").inner_text().startswith(f"案件 {case} 已")
        decided.append(case)
        case = following
    # The last decision is withdrawn, and made again otherwise.
    page.keyboard.press("u")
    shows(page, case=decided[-1])
    assert state_of(console, decided[-1]).state == "open"
    page.keyboard.press("r")
    page.keyboard.press("0")
    page.locator("#house[open]").wait_for()
    page.keyboard.press(str(page.get_attribute("[value='house/content']", "data-key")))
    page.keyboard.press("Enter")
    case = shows(page, other_than=decided[-1])
    made = resolution_of(console, decided[-1])
    assert (made.decision, made.reasons) == ("reject", ["house/content"])
    assert {state_of(console, one).state for one in decided} == {"decided"}
    # One is held.
    page.keyboard.press("h")
    page.locator("#hold-panel[open]").wait_for()
    page.keyboard.press("Enter")
    held, case = case, shows(page, other_than=case)
    assert state_of(console, held).state == "held"
    # Somebody else takes the case over once the lock has run out.
    console.clock.forward(minutes=11)
    other = served.page("reviewer", "mo")
    other.goto(f"{served.address}/cases/{case}")
    other.keyboard.press("c")
    other.locator("#lock").wait_for()
    other.keyboard.press("a")
    following = shows(other, other_than=case)
    page.keyboard.press("e")
    page.keyboard.type("a r 我已核对执照")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.locator(".conflict").wait_for()
    assert "mo 已处理此案件" in page.locator(".conflict").inner_text()
    assert page.input_value("#note") == "a r 我已核对执照"
    # A second review is blind, with the same keys.
    with console.store.database.transaction() as connection:
        write_rates(connection, Rates(10_000, 0))
    other.keyboard.press("a")
    other.wait_for_function(f"() => !document.title.includes(' {following} ')")
    page.goto(f"{served.address}/queue?q=%E5%BA%97")
    page.keyboard.press("c")
    second = shows(page)
    assert state_of(console, second).blind
    assert page.locator(".finding, .content mark, .badge").count() == 0
    page.keyboard.press("a")
    page.wait_for_function(f"() => !document.title.includes(' {second} ')")
    assert resolution_of(console, second).decision == "approve"
    together = decide_a_cluster(served, page)
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/dashboard")
    assert "lin" in page.locator("main").inner_text()
    assert seen.messages == [] or all("409" in message for message in seen.messages)
    # Each decision is in the trail.
    found = events(console)
    for one in (*decided, following, second, *together):
        assert ("case.decided", f"case:{one}") in found
    assert ("decision.withdrawn", f"case:{decided[-1]}") in found
    assert ("case.held", f"case:{held}") in found
    result = verify(console.store)
    assert result.damage is None


def decide_a_cluster(served: Served, page: Page) -> list[int]:
    """Approve three similar cases together by keyboard, and return them."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import cases
    from smsvet_api.store.quality.rates import Rates, write_rates

    console = served.console
    for number in range(3):
        submit(console, f"{LESSON}，合并{NUMBERS[number]}店")
    with console.store.database.transaction() as connection:
        write_rates(connection, Rates(0, 0))
        found = connection.execute(sa.select(cases.c.id).order_by(cases.c.id.desc()).limit(3)).scalars()
        together = list(found)
        connection.execute(cases.update().where(cases.c.id.in_(together)).values(cluster="d" * 32))
    page.goto(f"{served.address}/clusters/{'d' * 32}")
    page.keyboard.press("a")
    page.wait_for_selector(".confirm-card")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="已通过 3 条").wait_for()
    assert {state_of(console, one).state for one in together} == {"decided"}
    return together


PRESS = """keys => keys.forEach(([key, more]) => document.body.dispatchEvent(
  new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more})))"""
KEYS = ("a", "r", "m", "h", "s", "e", "f", "w", "v", "b", "j", "k", "o", "u", "1", "0", "c", "?", "/")


def test_keys_do_nothing_while_an_input_method_is_open(served: Served) -> None:
    fill(served.console, 2)
    page = served.page("reviewer", "lin")
    page.goto(f"{served.address}/queue")
    page.keyboard.press("c")
    case = shows(page)
    for more in (
        {"isComposing": True},
        {"keyCode": 229},
        {"ctrlKey": True},
        {"altKey": True},
        {"metaKey": True},
    ):
        page.evaluate(PRESS, [[key, more] for key in KEYS])
    page.evaluate(PRESS, [["Process", {}]])
    page.evaluate(PRESS, [[key, {"repeat": True}] for key in "armhs"])
    page.wait_for_timeout(300)
    assert title(page) == case
    assert page.locator("details.panel[open], dialog[open]").count() == 0
    assert state_of(served.console, case).version == 2
    page.focus("#note")
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "a", "selectionStart": 1, "selectionEnd": 1})
    page.keyboard.press("a")
    assert state_of(served.console, case).state == "open"


def test_each_key_of_a_case(served: Served) -> None:
    fill(served.console, 5)
    page = served.page("reviewer", "lin")
    page.goto(f"{served.address}/queue")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row][aria-current=true]").get_attribute("id")
    page.keyboard.press("k")
    assert page.locator("[data-row][aria-current=true]").get_attribute("id") != second
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    case = shows(page)
    page.keyboard.press("c")
    page.locator("#lock").wait_for()
    # Panels and parts.
    page.evaluate(PRESS, [["？", {}]])
    page.locator("#shortcuts[open]").wait_for()
    assert "提请组长" in page.locator("#shortcuts").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    assert page.evaluate("document.activeElement.id") == "why-word"
    page.keyboard.type("刻章")
    page.keyboard.press("Enter")
    page.locator("#case-why .explanation").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.locator("#case-fixed h3").wait_for()
    page.keyboard.press("v")
    page.locator("#case-content.revealed").wait_for()
    page.keyboard.press("j")
    page.locator(".finding[aria-current=true].pointed").first.wait_for()
    assert page.locator("#case-content .mark.pointed").count() > 0
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "note"
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.locator("#reject-panel[open]").wait_for()
    before = page.input_value("#message")
    page.keyboard.press("1")
    assert page.input_value("#message") != before
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.locator("#hold-panel[open]").wait_for()
    page.keyboard.press("Escape")
    # Ways on.
    page.keyboard.press("s")
    following = shows(page, other_than=case)
    page.keyboard.press("m")
    third = shows(page, other_than=following)
    assert state_of(served.console, following).state == "escalated"
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue")
    page.wait_for_timeout(500)
    assert state_of(served.console, third).holder_id is None  # given back when its page was left


def test_a_network_that_is_down_loses_nothing(served: Served) -> None:
    fill(served.console, 2)
    page = served.page("reviewer", "lin")
    page.goto(f"{served.address}/queue")
    page.keyboard.press("c")
    case = shows(page)
    page.fill("#note", "已电话核实")
    page.keyboard.press("Escape")
    page.route("**/decide", lambda route: route.abort())
    page.keyboard.press("a")
    page.locator("#toast", has_text="未送达，内容还在，按 a 重试").wait_for()
    assert page.input_value("#note") == "已电话核实"
    page.unroute("**/decide")
    page.keyboard.press("a")
    shows(page, other_than=case)
    assert resolution_of(served.console, case).note == "已电话核实"


def test_a_lock_that_cannot_be_extended_turns_red(served: Served) -> None:
    fill(served.console, 1)
    page = served.page("reviewer", "lin")
    page.clock.install()
    page.goto(f"{served.address}/queue")
    page.keyboard.press("c")
    shows(page)
    with page.expect_response("**/heartbeat"):
        page.clock.fast_forward(61_000)
    page.route("**/heartbeat", lambda route: route.abort())
    for _ in range(2):
        page.mouse.move(10, 10)
        page.clock.fast_forward(61_000)
        page.wait_for_timeout(200)
    page.locator("#lock.lost", has_text="未能续期").wait_for()


def test_new_cases_wait_behind_a_button(served: Served) -> None:
    fill(served.console, 2)
    page = served.page("reviewer", "lin")
    page.clock.install()
    page.goto(f"{served.address}/queue")
    before = page.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.id)")
    submit(served.console, f"{LESSON}，新店")
    with page.expect_response("**/queue"):
        page.clock.fast_forward(31_000)
    page.locator("#new-rows", has_text="新到 1 件").wait_for()
    assert page.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.id)") == before
    page.keyboard.press("n")
    page.wait_for_function("() => document.querySelectorAll('[data-row]').length === 3")
    page.route("**/queue", lambda route: route.abort())
    page.clock.fast_forward(31_000)
    page.locator("#poll-failed", has_text="未能更新").wait_for()
