"""The page of a case on a phone: three actions, and the others on demand."""

from __future__ import annotations

import pytest

from .case_parts import AGENCY, case_of, claimed
from .serving import browsing, page_of, serving
from .signed_in import Console

SHOWN = """() => [...document.querySelectorAll(".dock-row .button")]
  .filter((one) => one.checkVisibility()).map((one) => one.firstChild.textContent.trim())"""


@pytest.mark.slow
def test_a_phone_shows_three_actions_and_the_rest_on_demand(console: Console) -> None:
    console.submit(AGENCY)
    case = case_of(claimed(console.browser("reviewer", "lin")).text)
    with serving(console.app) as address, browsing() as chromium:
        page = page_of(chromium, address, console, "reviewer", "lin", locale="zh-CN")
        page.goto(f"{address}/cases/{case}")
        page.set_viewport_size({"width": 1280, "height": 800})
        assert page.evaluate(SHOWN) == ["通过", "拒绝", "提请组长", "搁置", "跳过"]
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate(SHOWN) == ["通过", "拒绝", "提请组长", "更多"]
        page.locator("label[for=dock-more]").click()
        assert page.evaluate(SHOWN) == ["通过", "拒绝", "提请组长", "更多", "搁置", "跳过"]
