"""The report of a comparison: its size, its languages, and hostile text in a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from smsvet_api.audit.comparison.clusters import Cluster
from smsvet_api.audit.comparison.comparison import Comparison, Side
from smsvet_api.audit.comparison.messages import Wording
from smsvet_api.audit.comparison.moved import Moved
from smsvet_api.audit.comparison.responsibility import Responsibility
from smsvet_api.audit.comparison.review_load import review_load
from smsvet_api.audit.comparison.samples import Hit, Sample, segmented
from smsvet_api.audit.comparison.series import Step
from smsvet_api.audit.comparison.tally import Tally
from smsvet_api.audit.report.charts import flow, timeline
from smsvet_api.audit.report.page import policy, render, stylesheet
from smsvet_api.audit.report.texts import pieces

from .stored import MEASURED, write_run

HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=alert(1)>",
    "</style><style>body{display:none}",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &#60;script&#62;",
    "\u202e\u2066abc\u200b\x00\x1b[31m\ufeff\ud800\uffff",
    '\'" onmouseover="alert(1)" x=\'',
    "e" + "\u0301" * 300,
    "很" * 3_000,
    "]]><!--<svg onload=alert(1)>",
    '=HYPERLINK("http://example.com")',
)
SIDE = Side("date:2021-06-01", "2021-06-01-abc", "2021-06-01", "a" * 64, 1_000_000, "b" * 64)


@pytest.fixture(autouse=True)
def jinja() -> None:
    if os.environ.get("SMSVET_REQUIRE") == "all":
        import jinja2  # noqa: F401
    else:
        pytest.importorskip("jinja2")


def comparison(
    rows: int = 1_000_000, texts: tuple[str, ...] = ("您的验证码是{1}",), by: str = "row"
) -> Comparison:
    """Return a comparison of so many rows, a third of them moved, with the most clusters and samples."""
    tally = Tally()
    for old in range(3):
        for new in range(3):
            tally.overall.add(old, new, rows // 9)
            for name in tally.groups:
                for number in range(40):
                    tally.groups[name].add(texts[number % len(texts)] + str(number), old, new, rows // 360)
    rules = [f"content/rule-{number}" for number in range(60)]
    for number in range(600):
        rule, text = rules[number % 60], texts[number % len(texts)]
        why = Responsibility(rule if number % 7 else None, (rule, "content/other"), bool(number % 2))
        item = Moved(
            "f", number, None, "tencent", "marketing", text, 0, 2, why, False, number << 40, None, text
        )
        tally.add_moved([item])
    long = tuple((text * 30)[:600] for text in texts)
    samples = tuple(
        Sample(
            "a.csv", number, text, text, text, (0, 1 + number % 2), rules[number], (rules[number],), "2025-01-01",
            segmented(text[:600], [hit(text[:600])]), (hit(text[:600]), hit(text[:600])),
        )
        for number, text in ((number, long[number % len(long)]) for number in range(50))
    )  # fmt: skip
    clusters = tuple(
        Cluster(long[number % len(long)], 900 - number, (0, 2), tuple(rules[:5]), texts[0], "marketing")
        for number in range(20)
    )
    steps = tuple(Step(date(2020 + number // 4, 1 + number % 4 * 3, 1)) for number in range(24))
    for step in steps:
        step.decisions.update({0: rows // 2, 1: rows // 4, 2: rows // 4})
        step.moves.add(0, 2, 1_000)
        step.rules.update(rules[:4])
    return Comparison(
        Path("comparison=1234567890ab"), by, SIDE, replace(SIDE, label=texts[0], as_of="2026-11-28"), tally,
        {"only_old": 3, "only_new": 4}, review_load(rows // 9, 1_000, rows, 500), clusters, samples, steps,
        dict.fromkeys(rules[:30], (texts[0], texts[-1])),
    )  # fmt: skip


def hit(text: str) -> Hit:
    words = Wording(text[:200], text[:100])
    return Hit("content/rule-1", 2, ((0, min(6, len(text))),), {"zh": words, "en": words})


def test_a_report_on_a_million_rows_is_small() -> None:
    page = render(comparison(texts=("您的验证码是{1}，", "Your code & <b>more</b> of it, ")), "zh")
    assert len(page.encode()) < 400_000
    assert page.count('<li class="sample">') == 50


def test_long_texts_reduce_the_number_of_samples() -> None:
    page = render(comparison(texts=HOSTILE), "zh")
    assert len(page.encode()) < 400_000
    assert 0 < page.count('<li class="sample">') <= 50


def test_the_page_loads_nothing_and_has_no_script() -> None:
    page = render(comparison(texts=HOSTILE), "en")
    assert policy(stylesheet()) in page.replace("&#39;", "'")
    # What Jinja wrote around the hostile text is all there is: no element or attribute of the text's own.
    assert not re.search(r"<(?:script|img|iframe|link|object|a)\b", page)
    assert not re.search(r"<[^>]*\s(?:style|src|href|on\w+)=", re.sub(r"=\"[^\"]*\"", '=""', page))
    assert page.count("<style>") == page.count("</style>") == 1


@pytest.mark.parametrize("by", ["row", "id", "column"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_languages_are_in_the_page(lang: Any, by: str) -> None:
    page = render(comparison(by=by), lang)
    assert f'<html lang="{lang}">' in page
    assert re.search(rf'id="in-{lang}" checked', page)
    titles = (
        {"zh": "人工结论对照", "en": "Agreement with people"}
        if by == "column"
        else {"zh": "规则变更审计", "en": "Rule change audit"}
    )
    for language, title in titles.items():
        assert f'<h1><span class="zh" lang="zh">{titles["zh"]}</span>' in page
        assert f'lang="{language}">{title}</span>' in page
    spans = re.findall(r'<(?:span|text) class="(zh|en)[ "]', page)
    assert spans.count("zh") == spans.count("en")


def test_empty_states() -> None:
    nothing = replace(comparison(), tally=Tally(), clusters=(), samples=(), steps=())
    page = render(nothing, "en")
    for words in ("No item can be compared", "No rule moved an item", "No item moved, so there is no sample"):
        assert words in page
    still = Tally()
    still.overall.add(0, 0, 10)
    page = render(replace(nothing, tally=still), "en")
    assert "nothing moved" in page


def test_a_flow_gives_rare_moves_a_visible_height() -> None:
    tally = Tally()
    assert flow(tally.overall) is None
    tally.overall.add(0, 0, 999_999)
    tally.overall.add(0, 2, 1)
    drawn = flow(tally.overall)
    assert drawn is not None
    assert [(band.way, band.items) for band in drawn.bands] == [("stay", 999_999), ("stricter", 1)]
    assert min(node.height for node in drawn.news if node.items) >= 1.5


def test_a_timeline_needs_two_dates() -> None:
    assert timeline([Step(date(2021, 6, 1))]) is None
    drawn = timeline([Step(date(2021, 6, 1)), Step(date(2021, 6, 2))])
    assert drawn is not None
    assert drawn.levels[0].label == "0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", ["a", "U+202E", "b"]),
        ("a\n\tb", ["a  b"]),
        ("\x00\ud800", ["U+0000 U+D800"]),
        ("e\u0301\u0301\u0301\u0301", ["e\u0301\u0301", "U+0301 U+0301"]),
        ("", []),
    ],
)
def test_invisible_characters_become_visible(text: str, shown: list[str]) -> None:
    assert [piece.text for piece in pieces(text)] == shown


@pytest.mark.slow
def test_hostile_text_in_a_browser(tmp_path: Path) -> None:
    """Chromium shows the text as text, applies the policy, and reports nothing, in either language and width."""
    refuse: Any = pytest.fail if os.environ.get("SMSVET_REQUIRE") == "all" else pytest.skip
    browser = os.environ.get("SMSVET_TEST_BROWSER") or shutil.which("chromium")
    if browser is None:
        refuse("no browser")
    from playwright.sync_api import sync_playwright

    path = tmp_path / "report.html"
    path.write_text(render(comparison(texts=HOSTILE), "zh"), encoding="utf-8")
    seen: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("dialog", lambda dialog: seen.append(dialog.message))
        page.on("request", lambda request: seen.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())
        assert page.title().startswith("规则变更审计")
        assert page.locator("script, img, iframe, svg[onload]").count() == 0
        assert HOSTILE[0] in page.locator("#samples").inner_text()
        assert page.locator("h1 .zh").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.chip')).borderRadius") == "99px"
        page.locator("label[for=in-en]").click()
        assert page.locator("h1 .en").is_visible()
        assert not page.locator("h1 .zh").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert seen == []
        page.evaluate(
            "document.body.appendChild(Object.assign(document.createElement('script'), {text: 'window.owned = 1'}))"
        )
        assert page.evaluate("window.owned") is None
        assert "Content Security Policy" in seen[0]
        chromium.close()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks: list[int] = []
    for rows in (10_000, 50_000):
        folder = tmp_path / str(rows)
        write_run(folder / "run=old", rows, 10 * rows)
        write_run(folder / "run=new", rows, 20)
        command = [sys.executable, "-c", MEASURED, str(folder)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        result = subprocess.run(command, capture_output=True, check=True, env=environment, text=True)
        items, moved, peak, size, _ = result.stdout.split()
        assert (int(items), int(moved)) == (rows, rows // 20)
        assert int(size) < 400_000
        peaks.append(int(peak))
    assert peaks[1] < 1.15 * peaks[0]
