"""The page of review quality: agreement, golden items and disagreements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .decided import person, second_review
from .pages import HOSTILE, Markup
from .test_rule_pages import shown
from .test_words import HAN

if TYPE_CHECKING:
    from .signed_in import Console


def golden_form(page: str) -> dict[str, str]:
    """Return the values of the first button that makes a golden item."""
    found = re.search(r'name="case" value="(\d+)"><button class="button" name="decision" value="(\w+)"', page)
    assert found is not None
    return {"case": found[1], "decision": found[2]}


@pytest.mark.parametrize(("role", "status"), [
    ("reviewer", 403), ("lead", 200), ("rule_manager", 403), ("auditor", 200), ("submitter", 403), ("admin", 403),
])  # fmt: skip
def test_leads_and_auditors_have_the_page(console: Console, role: str, status: int) -> None:
    assert console.browser(role).get("/quality").status_code == status  # type: ignore[arg-type]


def test_an_empty_service_says_so(console: Console) -> None:
    text = shown(console.browser("lead").get("/quality").text)
    for words in ("还没有金标", "没有不一致的双人复核", "样本不足（n=0）", "5%", "2%"):
        assert words in text


def test_few_pairs_give_no_kappa_and_thirty_do(console: Console) -> None:
    lead = console.browser("lead")
    for number in range(30):
        first = "reject" if number % 2 else "approve"
        second_review(console, f"第{number}件", first, first)
        if number == 0:
            assert "样本不足（n=1）" in shown(lead.get("/quality").text)
    text = shown(lead.get("/quality").text)
    blind = text[text.index("双人复核") : text.index("后续改判")]
    assert "1.00 [1.00, 1.00]" in blind
    assert "n=30" in blind
    assert "样本不足（n=0）" in text[text.index("后续改判") :]


def test_a_golden_item_is_made_and_retired(console: Console) -> None:
    second_review(console, "您好，张先生", "reject", "reject")
    zhou = console.browser("lead", "zhou")
    page = zhou.get("/quality").text
    form = golden_form(page) | {"csrf": zhou.token(page)}
    assert form["decision"] == "reject"
    assert zhou.post("/quality/golden", form).headers["location"] == "/quality#golden"
    page = zhou.get("/quality").text
    assert "已加入金标" in page
    assert "还没有双人复核一致的案件" in page
    (number,) = re.findall(r'name="retire" value="(\d+)"', page)
    assert zhou.post("/quality/golden", {"csrf": form["csrf"], "retire": number}).status_code == 303
    assert "停用于" in zhou.get("/quality").text
    assert zhou.post("/quality/golden", {"csrf": form["csrf"], "retire": "99"}).status_code == 404
    assert (
        zhou.post("/quality/golden", {"csrf": form["csrf"], "case": "x", "decision": "reject"}).status_code
        == 404
    )


def test_auditors_read_only(console: Console) -> None:
    second_review(console, "您好", "reject", "reject")
    audit = console.browser("auditor")
    page = audit.get("/quality").text
    assert "/quality/golden" not in page
    lead_page = console.browser("lead").get("/quality").text
    form = golden_form(lead_page) | {"csrf": audit.token(page)}
    assert audit.post("/quality/golden", form).status_code == 403
    assert "还没有金标" in audit.get("/quality").text


def test_a_decision_that_nobody_agreed_on_is_refused(console: Console) -> None:
    case = second_review(console, "您好", "reject", "approve")
    lead = console.browser("lead")
    page = lead.get("/quality").text
    form = {"csrf": lead.token(page), "case": str(case), "decision": "reject"}
    assert lead.post("/quality/golden", form).status_code == 409


def test_disagreements_show_both_decisions_and_who_settles_them(console: Console) -> None:
    from ..store.decided import cases_of, decide

    second_review(console, "请核实您的信息", "reject", "approve")
    lead = console.browser("lead", "zhou")
    assert "请核实您的信息拒绝lin通过wu等待组长" in shown(lead.get("/quality").text).replace(" ", "")
    (settles,) = cases_of(console.store, "disagreement")
    decide(console.store, settles.id, person(console, "zhou", "lead"), "approve")
    assert "拒绝lin通过wu通过" in shown(lead.get("/quality").text).replace(" ", "")


def test_lists_have_pages(console: Console) -> None:
    for number in range(21):
        second_review(console, f"第{number}件", "reject", "approve")
    lead = console.browser("lead")
    page = lead.get("/quality").text
    (older,) = re.findall(r'rel="next" href="([^"#]*)#differed"', page)
    assert "第0件" not in page
    rest = lead.get(older.replace("&amp;", "&")).text
    assert "第0件" in rest
    assert "第20件" not in rest


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_as_text(console: Console, text: str) -> None:
    second_review(console, text, "reject", "reject")
    second_review(console, text, "reject", "approve")
    page = console.browser("lead").get("/quality").text
    tags = Markup(page).tags
    assert not any(key.startswith("on") for _, attrs in tags for key in attrs)
    assert "img" not in {tag for tag, _ in tags}
    assert not set(page) & set("\x00\x1b\u202e\u2066\u200b\ufeff")


def test_the_english_page_has_no_chinese_of_ours(console: Console) -> None:
    second_review(console, "您好", "reject", "approve")
    lead = console.browser("lead")
    lead.cookies["smsvet_lang"] = "en"
    page = lead.get("/quality").text
    assert [part for part in Markup(page).own if HAN.search(part) and part != "中文"] == []
