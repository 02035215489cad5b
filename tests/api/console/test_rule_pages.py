"""The list of rules, the page of a rule with its figures, and the basket of examples."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pytest
import yaml

from .case_parts import AGENCY, case_of, claimed
from .decided import OTHER, RULE, overturned
from .forms import follow, press
from .pages import HOSTILE, Markup
from .test_words import HAN

if TYPE_CHECKING:
    from .signed_in import Console


def shown(page: str) -> str:
    return " ".join("".join(Markup(page).text).split())


def ids(page: str) -> list[str]:
    """Return the rules of the list, in its order."""
    marks = Markup(page).tags
    found = [attrs["href"] for tag, attrs in marks if tag == "a"]
    return [path.removeprefix("/rules/") for path in found if path and path.count("/") == 3]


@pytest.mark.parametrize(("role", "status"), [
    ("reviewer", 200), ("lead", 200), ("rule_manager", 200), ("auditor", 200), ("submitter", 403), ("admin", 403),
])  # fmt: skip
def test_some_roles_have_the_pages(console: Console, role: str, status: int) -> None:
    browser = console.browser(role)  # type: ignore[arg-type]
    for path in ("/rules", f"/rules/{RULE}"):
        assert browser.get(path).status_code == status


def test_nobody_sees_them_signed_out(console: Console) -> None:
    from .pages import get

    assert get(console.app, "/rules").headers["location"].startswith("/login")


@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ("q=foreign-variable", RULE, OTHER),
        ("q=医疗与保健", OTHER, RULE),
        ("topic=template&decision=reject&q=foreign", RULE, OTHER),
        ("topic=content&q=medical", OTHER, RULE),
        ("provider=aliyun&q=medical", OTHER, RULE),
    ],
)
def test_the_list_is_filtered(console: Console, query: str, wanted: str, unwanted: str) -> None:
    found = ids(console.browser("lead").get(f"/rules?{query}").text)
    assert wanted in found
    assert unwanted not in found


def test_filters_that_select_nothing_say_how_to_go_on(console: Console) -> None:
    for query in ("changed=own", "changed=policy", "q=%22%3E%3Cscript%3E"):
        page = console.browser("lead").get(f"/rules?{query}").text
        assert ids(page) == []
        assert "清除筛选" in page
        assert "<script>" not in page


def test_the_list_has_pages_and_orders(console: Console) -> None:
    overturned(console, "尊敬的{name}")
    lead = console.browser("lead")
    first, second = (ids(lead.get(f"/rules?page={number}").text) for number in (1, 2))
    assert len(first) == 50
    assert sorted(first + second) == first + second
    assert ids(lead.get("/rules?sort=hits").text)[0] == RULE
    assert ids(lead.get("/rules?sort=precision").text)[0] == RULE
    for page in ("0", "-1", "x", "９", "99999"):
        assert lead.get(f"/rules?page={page}").status_code == 200


def test_a_rule_shows_what_it_does_and_how_well(console: Console) -> None:
    for number in range(3):
        overturned(console, f"尊敬的{{name}}，第{number}件")
    page = console.browser("lead").get(f"/rules/{RULE}").text
    text = shown(page)
    for words in (
        "为什么",
        "怎样修改",
        "依据",
        "命中 6 例",
        "不同文本 3",
        "误报 3",
        "0.0%",
        "n=3",
        "独占命中",
    ):
        assert words in text
    assert "您的验证码是${code}" in text  # an example of the file
    assert html.escape("source:") in page  # the file itself
    assert text.count("第0件") == 1
    assert 'role="img"' in page


def test_a_rule_without_hits_says_so(console: Console) -> None:
    text = shown(console.browser("rule_manager").get(f"/rules/{OTHER}").text)
    assert "近 30 天没有命中" in text
    assert "样本不足（n=0）" in text


def test_an_unknown_rule_is_a_page(console: Console) -> None:
    for path in ("/rules/no/such", "/rules/..%2f..%2fetc", "/rules/template/../../secret", "/rules/x"):
        assert console.browser("lead").get(path).status_code == 404


def test_overturned_decisions_are_collected_and_downloaded(console: Console) -> None:
    case = overturned(console, "尊敬的{name}，您好")
    chen = console.browser("rule_manager", "chen")
    page = chen.get(f"/rules/{RULE}").text
    form = {"csrf": chen.token(page), "case": str(case), "rule": RULE, "back": f"/rules/{RULE}"}
    answer = chen.post("/rules/basket", form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/rules/{RULE}")
    after = shown(chen.get(f"/rules/{RULE}").text)
    assert "已收入示例篮" in after
    assert "已在篮中" in after
    basket = chen.get("/rules/basket").text
    assert "尊敬的{name}，您好" in shown(basket)
    file = chen.get("/rules/basket/examples.yaml")
    assert file.headers["content-disposition"] == 'attachment; filename="examples.yaml"'
    written = yaml.safe_load(file.text)
    assert [one["body"] for one in written[RULE]["pass"]] == ["尊敬的{name}，您好"]
    (number,) = {attrs["value"] for tag, attrs in Markup(basket).tags if attrs.get("name") == "remove"}
    assert chen.post("/rules/basket", {"csrf": form["csrf"], "remove": str(number)}).status_code == 303
    assert "示例篮是空的" in chen.get("/rules/basket").text
    assert chen.get("/rules/basket/examples.yaml").text == ""


def test_a_basket_belongs_to_its_user_and_auditors_have_none(console: Console) -> None:
    case = overturned(console, "尊敬的{name}")
    lead, audit = console.browser("lead"), console.browser("auditor")
    form = {"csrf": lead.token(lead.get("/rules").text), "case": str(case), "rule": RULE}
    assert lead.post("/rules/basket", form).headers["location"] == "/rules/basket"
    assert "示例篮是空的" in console.browser("rule_manager").get("/rules/basket").text
    page = audit.get(f"/rules/{RULE}").text
    assert "存为规则示例" not in page
    assert audit.get("/rules/basket").status_code == 403
    assert audit.post("/rules/basket", form | {"csrf": audit.token(page)}).status_code == 403


def test_the_page_of_an_overturned_case_collects_it_too(console: Console) -> None:
    console.submit(AGENCY)
    lead = console.browser("lead")
    page = claimed(lead).text
    case = case_of(page)
    assert 'data-key="x"' not in page
    press(lead, page, "/decide", "approve")
    page = lead.get(f"/cases/{case}").text
    assert 'data-key="x"' in page
    page = follow(lead, press(lead, page, "/rules/basket")).text
    assert f"<title>案件 {case}" in page
    assert "已收入示例篮" in page
    written = yaml.safe_load(lead.get("/rules/basket/examples.yaml").text)
    assert [one["body"] for one in written["content/agency"]["pass"]] == [AGENCY]
    assert "/rules/basket" not in console.browser("auditor").get(f"/cases/{case}").text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"csrf": "x"}, 403),
        ({"case": "999"}, 404),
        ({"case": "x"}, 404),
        ({"rule": OTHER}, 409),
        ({"rule": "x"}, 422),
    ],
)
def test_a_wrong_form_collects_nothing(console: Console, change: dict[str, str], status: int) -> None:
    case = overturned(console, "尊敬的{name}")
    lead = console.browser("lead")
    form = {"csrf": lead.token(lead.get("/rules").text), "case": str(case), "rule": RULE} | change
    assert lead.post("/rules/basket", form).status_code == status
    assert "示例篮是空的" in lead.get("/rules/basket").text


def test_a_case_that_somebody_still_has_to_decide_is_not_shown(console: Console) -> None:
    from ..store.decided import add_case, decide, set_rates
    from .decided import ALWAYS, STRICT, person

    lin, shop = person(console, "lin", "reviewer"), person(console, "shop", "submitter")
    person(console, "wu", "reviewer")
    set_rates(console.store, second=ALWAYS)
    case = add_case(console.store, shop, findings=(STRICT,), text="还要双人复核的{name}")
    decide(console.store, case, lin, "approve", overturn="false_alarm")
    console.clock.forward(minutes=1)
    page = shown(console.browser("reviewer", "wu").get(f"/rules/{RULE}").text)
    assert "还要双人复核" not in page
    assert "推翻 1" in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_as_text(console: Console, text: str) -> None:
    case = overturned(console, text, note=text)
    lead = console.browser("lead")
    page = lead.get(f"/rules/{RULE}").text
    lead.post("/rules/basket", {"csrf": lead.token(page), "case": str(case), "rule": RULE})
    for found in (page, lead.get("/rules/basket").text):
        tags = Markup(found).tags
        assert not any(key.startswith("on") for _, attrs in tags for key in attrs)
        assert "img" not in {tag for tag, _ in tags}
        assert [attrs for tag, attrs in tags if tag == "script" and "src" not in attrs] == []
        assert not set(found) & set("\x00\x1b\u202e\u2066\u200b\ufeff")


def test_the_english_pages_have_no_chinese_of_ours(console: Console) -> None:
    overturned(console, "尊敬的{name}")
    lead = console.browser("lead")
    lead.cookies["smsvet_lang"] = "en"
    for path in ("/rules", f"/rules/{RULE}", f"/rules/{OTHER}", "/rules/basket", "/rules?q=zzz"):
        own = [part for part in Markup(lead.get(path).text).own if HAN.search(part) and part != "中文"]
        assert own == [], path
