"""Every page in Chromium: for everybody to read, on each screen and on paper, by keyboard, and true to the content policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from .every_page import Visit, path_of, visits
from .serving import browsing, page_of, serving
from .signed_in import Console
from .test_in_browser import OPEN_ALL, SERIOUS, Seen, axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
Filled = tuple[Console, dict[str, str]]
LARGE = "{many}"
"""The page of 200 findings."""
ALIKE = re.compile(r"\{(case|submission)-([2-9]|10)\}")
"""Pages that differ in a text only."""
MORE = (
    Visit(None, "/nothing-here"),
    Visit(None, "/login?back=/nothing-here"),
    Visit("submitter", "/queue", "shop", status=403),
    Visit("lead", "/cases/{many}?show=fixed&word=刻章", "zhao"),
)
"""Errors, and the page with the most on it."""
PLACES = sorted(
    (*(visit for visit in visits() if not ALIKE.search(visit.path)), *MORE),
    key=lambda visit: (str(visit.role), visit.name),
)
EXPECTED = re.compile("status of 40[34]|does not conform to the required format")
"""Messages on the status of an error page and on a wrong date in the address."""
OUT_OF_REACH = """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary, [data-key]")]
  .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex < 0 && !one.matches(".visually-hidden"))
  .map((one) => one.outerHTML.slice(0, 200))"""
SMALL = """() => [...document.querySelectorAll(".dock .button")].filter((one) => one.checkVisibility())
  .map((one) => one.getBoundingClientRect().height).filter((height) => height < 44)"""
ON_PAPER = """() => [...document.querySelectorAll(".top, .nav, .dock, .bulk-dock, .toast, dialog")]
  .filter((one) => one.checkVisibility()).map((one) => one.className)"""


@pytest.fixture(scope="module")
def address(full: Filled) -> Iterator[str]:
    with serving(full[0].app) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browsing() as found:
        yield found


def serious(page: Page, script: str) -> list[Any]:
    """Return the serious problems of accessibility on a page."""
    page.evaluate(script)
    violations = page.evaluate("axe.run({resultTypes: ['violations']}).then((found) => found.violations)")
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in violations
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize(
    ("width", "theme", "lang"),
    [(1280, "dark", "zh-CN"), (390, "light", "en-US"), (1280, "light", "en-US"), (390, "dark", "zh-CN")],
)
def test_every_page_is_for_everybody_to_read(
    full: Filled, address: str, chromium: Browser, width: int, theme: Any, lang: str
) -> None:
    """Nothing serious for axe, no sideways scroll, also at twice the size, and no control that only a pointer reaches."""
    console, names = full
    script = axe()
    wrong: dict[str, Any] = {}
    for (role, name), places in groupby(PLACES, lambda visit: (visit.role, visit.name)):
        page = page_of(chromium, address, console, role, name, color_scheme=theme, locale=lang)
        seen = Seen(page)
        for visit in places:
            path = path_of(visit, names)
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address + path)
            # Opened, the page of many findings has eleven thousand elements, which axe takes minutes for.
            closed = serious(page, script) if LARGE in visit.path else []
            page.evaluate(OPEN_ALL)
            found = {
                "axe": closed if LARGE in visit.path else serious(page, script),
                "pointer only": page.evaluate(OUT_OF_REACH),
                "messages": [one for one in seen.messages if not EXPECTED.search(one)],
                "small": page.evaluate(SMALL) if width == 390 else [],
            }
            for size in (1280, 640, 390):  # 640 is 1280 at 200 %
                page.set_viewport_size({"width": size, "height": 450})
                if page.evaluate("document.documentElement.scrollWidth") > size:
                    found[f"scrolls at {size}"] = True
            page.emulate_media(media="print")
            found["on paper"] = page.evaluate(ON_PAPER)
            page.emulate_media(media="screen")
            seen.messages.clear()
            if found := {what: value for what, value in found.items() if value}:
                wrong[f"{role} {path}"] = found
        page.context.close()
    assert wrong == {}


REACHABLE = """() => { document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary")
  .forEach((one, place) => { one.dataset.place = place; });
  return [...document.querySelectorAll("main [data-place]")].filter((one) => one.checkVisibility() && !one.disabled
    && !(one.type === "radio" && !one.checked)).map((one) => Number(one.dataset.place)); }"""


@pytest.mark.parametrize(
    ("role", "name", "path"),
    [
        ("lead", "zhao", "/queue"),
        ("reviewer", "lin", "/cases/{case-3}"),
        ("reviewer", "lin", "/clusters/{cluster}"),
        ("lead", "zhao", "/decisions"),
    ],
)
def test_the_tab_key_reaches_everything(
    full: Filled, address: str, chromium: Browser, role: Any, name: str, path: str
) -> None:
    console, names = full
    page = page_of(chromium, address, console, role, name)
    page.goto(address + path_of(replace(PLACES[0], path=path), names))
    expected = page.evaluate(REACHABLE)
    assert expected
    reached: list[int] = []
    for _ in range(3 * len(expected) + 60):  # a field for a date has three stops
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement.dataset.place")
        if place is None:
            continue
        if len(reached) > 3 and int(place) == reached[0]:
            break
        reached.append(int(place))
    left = [place for place in expected if place not in reached]
    assert [
        page.evaluate(f"document.querySelector('[data-place=\"{one}\"]').outerHTML") for one in left
    ] == []
    page.context.close()
