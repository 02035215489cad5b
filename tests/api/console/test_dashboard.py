"""The dashboard: figures that follow the cases, tiles that lead to their lists, and what each role sees of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from smsvet_api.console.dashboard.form import DashboardForm

from .decided import OTHER, RULE, overturned, person, second_review, waiting
from .pages import HOSTILE, Markup
from .test_rule_pages import shown
from .test_words import HAN

if TYPE_CHECKING:
    from .signed_in import Console

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


def tiles(page: str) -> dict[str, tuple[str, str | None]]:
    """Return the tiles of a page: name -> number and address."""
    found = re.findall(
        r'<(a|div) class="card tile[^"]*"(?: href="([^"]*)")?>\s*<span>(.*?)</span><b>\s*(.*?)\s*</b>',
        page,
        re.DOTALL,
    )
    return {name: (number.strip(), href.replace("&amp;", "&") or None) for _, href, name, number in found}


@pytest.mark.parametrize(("role", "status"), [
    ("reviewer", 200), ("lead", 200), ("rule_manager", 200), ("auditor", 200), ("submitter", 403), ("admin", 403),
])  # fmt: skip
def test_some_roles_have_the_page(console: Console, role: str, status: int) -> None:
    assert console.browser(role).get("/dashboard").status_code == status  # type: ignore[arg-type]


def test_an_empty_service_says_so(console: Console) -> None:
    text = shown(console.browser("lead").get("/dashboard").text)
    for words in (
        "此时段没有案件",
        "没有待处理的案件",
        "没有突增",
        "此时段没有人处理案件",
        "没有影子版本在运行",
    ):
        assert words in text


def test_tiles_count_cases_and_lead_to_their_lists(console: Console) -> None:
    for _ in range(3):
        waiting(console)
    console.clock.forward(hours=3, minutes=30)  # due after four hours
    overturned(console, "尊敬的{name}")
    lead = console.browser("lead")
    page = lead.get("/dashboard?provider=tencent").text
    found = tiles(page)
    assert found["待处理"] == ("3", "/queue?provider=tencent")
    assert found["1 小时内到期"] == ("3", "/queue?provider=tencent&due=soon")
    assert found["今天处理"] == ("1", "/decisions?since=2026-11-28")
    assert found["等待中位数"][0] == "3.5 小时"
    console.clock.forward(hours=1)
    lead = console.browser("lead", "qian")  # the session before is over
    found = tiles(lead.get("/dashboard").text)
    assert found["已超时"] == ("3", "/queue?due=overdue")
    rows = lead.get("/queue?due=overdue").text
    assert rows.count("已超时") >= 1
    assert lead.get("/queue?due=soon").status_code == 200
    assert tiles(lead.get("/dashboard?provider=aliyun").text)["待处理"][0] == "0"


def test_arrivals_decisions_and_kept_times_are_drawn(console: Console) -> None:
    waiting(console)
    overturned(console, "尊敬的{name}")
    console.clock.forward(hours=5)
    page = console.browser("lead").get("/dashboard?range=24h").text
    labels = [
        str(attrs["aria-label"]) for tag, attrs in Markup(page).tags if tag == "svg" and "aria-label" in attrs
    ]
    assert "到达 2 件，处理 1 件" in labels
    assert "到期的 2 件中 50.0% 按时处理" in labels
    assert "1 件待处理案件按等待时长分布" in labels
    tables = [
        tag for tag, attrs in Markup(page).tags if tag == "details" and attrs.get("class") == "as-table"
    ]
    assert len(tables) == 3


def test_rules_are_listed_by_reviews_and_by_overturn_rate(console: Console) -> None:
    for number in range(5):
        overturned(console, f"尊敬的{{name}}{number}")
        waiting(console)
    console.clock.forward(minutes=1)
    text = shown(console.browser("rule_manager").get("/dashboard").text)
    reviews = text[text.index("引起复核最多") : text.index("推翻率最高")]
    rates = text[text.index("推翻率最高") : text.index("突增的规则")]
    assert OTHER in reviews
    assert RULE not in reviews
    assert RULE in rates
    assert "100.0%5 / 5" in rates


def test_a_flooding_rule_is_named_with_its_words(console: Console) -> None:
    for _ in range(12):
        waiting(console)
    console.clock.forward(minutes=1)
    text = shown(console.browser("lead").get("/dashboard").text)
    assert "名医 12" in text
    assert "新出现" in text


def test_reviewers_are_for_leads_and_auditors_and_oneself(console: Console) -> None:
    overturned(console, "尊敬的{name}")
    second_review(console, "您好", "approve", "reject")
    for role, name, seen in (
        ("lead", "zhou", {"lin", "wu"}),
        ("auditor", "zheng", {"lin", "wu"}),
        ("reviewer", "lin", {"lin"}),
        ("rule_manager", "qian", set()),
    ):
        page = console.browser(role, name).get("/dashboard").text  # type: ignore[arg-type]
        people = set(re.findall(r'<th scope="row"><bdi translate="no">(\w+)</bdi>', page))
        assert people == seen, role
        assert ("样本不足" in page) is bool(seen)
    own = console.browser("reviewer", "lin").get("/dashboard").text
    assert tiles(own)["我今天处理"][0] == "2"
    assert "引起复核最多" not in own


def test_the_period_before_is_compared(console: Console) -> None:
    waiting(console)
    console.clock.forward(days=8)
    waiting(console)
    waiting(console)
    console.clock.forward(minutes=1)
    text = shown(console.browser("lead").get("/dashboard?range=7d&compare=1").text)
    assert "到达 2 （+100%，上一时段 1）" in text
    assert "上一时段到达" in text


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({}, 7),
        ({"range": "30d"}, 30),
        ({"range": "9 years"}, 7),
        ({"range": "custom", "since": "2026-11-01", "until": "2026-11-02"}, 2),
        ({"range": "custom", "since": "2026-11-01"}, 7),
        ({"range": "custom", "since": "2026-11-03", "until": "2026-11-02"}, 7),
        ({"range": "custom", "since": "2024-01-01", "until": "2026-11-02"}, 7),
        ({"range": "custom", "since": "0001-01-01", "until": "9999-12-31"}, 7),
        ({"range": "custom", "since": "2026-W01-1", "until": "2026-11-02"}, 7),
    ],
)
def test_the_address_selects_the_period(query: dict[str, str], days: int) -> None:
    form = DashboardForm.of(query, {"tencent"})
    scope = form.scope(NOW)
    assert scope.until - scope.since == timedelta(days=days)
    assert scope.before.until == scope.since
    assert (form.error("zh") is None) is (query.get("range") != "custom" or days == 2)


def test_a_day_begins_at_midnight_in_china() -> None:
    form = DashboardForm.of({"range": "custom", "since": "2026-11-28", "until": "2026-11-28"}, ())
    scope = form.scope(NOW)
    assert scope.since == datetime(2026, 11, 27, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_values_are_shown_as_text(console: Console, text: str) -> None:
    from urllib.parse import urlencode

    query = urlencode(
        {"provider": text, "purpose": text, "since": text, "until": text, "range": "custom"}, errors="replace"
    )
    page = console.browser("lead").get(f"/dashboard?{query}").text
    tags = Markup(page).tags
    assert not any(key.startswith("on") or key == "style" for _, attrs in tags for key in attrs)
    assert "img" not in {tag for tag, _ in tags}


def test_the_english_page_has_no_chinese_of_ours(console: Console) -> None:
    overturned(console, "尊敬的{name}")
    waiting(console)
    person(console, "lin", "reviewer")
    for role in ("lead", "reviewer"):
        browser = console.browser(role)
        browser.cookies["smsvet_lang"] = "en"
        page = browser.get("/dashboard?compare=1").text
        assert [part for part in Markup(page).own if HAN.search(part) and part != "中文"] == []
