"""The queue by forms, without script: counts, filters, claims, saved views, and what it says when nothing is left."""

from __future__ import annotations

import re

import pytest

from .case_parts import open_case_on
from .forms import follow, press
from .pages import HOSTILE, Markup
from .signed_in import Console

AGENCY = "工商代办，注册公司零元起，代理记账每月150元，送刻章"
LESSON = "一建培训班签约班，不过退费，免费试听，名师押题"


def ids(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="row-([0-9]+)"', page)]


@pytest.fixture
def filled(console: Console) -> Console:
    for text in (AGENCY, LESSON, AGENCY.replace("150", "160")):
        assert console.submit(text).json()["status"] == "in_review"
    return console


def test_a_row_has_the_text_with_marks_reasons_time_and_cluster(filled: Console) -> None:
    page = filled.browser("reviewer").get("/queue").text
    assert len(ids(page)) == 3
    assert '<mark class="manual_review"><bdi>' in page
    assert "剩余 4 小时" in page
    assert "代办与财税代理" in page
    assert 'aria-label="同类 2 件"' in page
    assert "<title>(3) 队列 · smsvet</title>" in page


def test_the_next_case_is_claimed_within_the_filter(filled: Console) -> None:
    browser = filled.browser("reviewer", "lin")
    page = browser.get("/queue?q=一建").text
    assert len(ids(page)) == 1
    case = follow(browser, press(browser, page, "/queue/next"))
    assert case.status_code == 200
    assert "名师押题" in case.text
    assert f"案件 {ids(page)[0]}" in case.text
    other = filled.browser("reviewer", "mo").get("/queue").text
    assert "他人锁定 1" in other
    assert "<bdi>lin</bdi>" in other


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 3),
        ("kind=template", 3),
        ("kind=signature", 0),
        ("provider=tencent", 3),
        ("provider=aliyun", 0),
        ("purpose=marketing", 0),
        ("risk=80", 0),
        ("rule=content/education", 1),
        ("state=held", 0),
        ("q=培训", 1),
        ("kind=nothing&risk=x&order=y&cursor=broken", 3),
    ],
)
def test_filters_stand_in_the_address(filled: Console, query: str, number: int) -> None:
    browser = filled.browser("reviewer")
    response = browser.get(f"/queue?{query}")
    if response.status_code == 303:
        response = browser.get(response.headers["location"])
    assert len(ids(response.text)) == number
    if not number:
        assert "清除筛选" in response.text


def test_the_queue_has_three_orders(filled: Console) -> None:
    browser = filled.browser("reviewer")
    everything = ids(browser.get("/queue").text)
    assert sorted(ids(browser.get("/queue?order=newest").text), reverse=True) == ids(
        browser.get("/queue?order=newest").text
    )
    assert sorted(ids(browser.get("/queue?order=due").text)) == sorted(everything)


def test_a_view_is_saved_and_removed(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = browser.get("/queue?q=一建").text
    page = follow(browser, press(browser, page, "/queue/views", name="培训")).text
    assert re.search(
        r'href="/queue\?q=[^"]+" data-key="1"[^>]*aria-current="true"><bdi translate="no">培训</bdi>', page
    )
    assert "培训" not in filled.browser("reviewer", "mo").get("/queue").text.partition("<ol")[0]
    page = follow(browser, press(browser, page, "/queue/views", "培训", name=None)).text
    assert ">培训</bdi>" not in page.partition("<ol")[0]


def test_a_view_without_a_name_or_beyond_nine_is_not_saved(filled: Console) -> None:
    browser = filled.browser("reviewer")
    page = browser.get("/queue?kind=template").text
    assert "未保存" in follow(browser, press(browser, page, "/queue/views", name=" ")).text
    for number in range(9):
        press(browser, page, "/queue/views", name=f"视图{number}")
    assert "未保存" in follow(browser, press(browser, page, "/queue/views", name="第十个")).text
    assert "视图已更新" in follow(browser, press(browser, page, "/queue/views", name="视图3")).text


def test_a_lead_shares_a_view_with_everybody(filled: Console) -> None:
    lead, reviewer = filled.browser("lead"), filled.browser("reviewer")
    page = lead.get("/queue?due=overdue&kind=template").text
    page = follow(lead, press(lead, page, "/queue/views", "yes", name="急件")).text
    shared = r'href="/queue\?kind=template&amp;due=overdue" data-key="1"[^>]*>.*共享</span> <bdi translate="no">急件</bdi>'
    assert re.search(shared, reviewer.get("/queue").text)
    seen = reviewer.get("/queue?due=overdue&kind=template").text
    assert 'name="unshare"' not in seen
    assert 'name="share"' not in seen
    token = reviewer.token(seen)
    assert reviewer.post("/queue/views", {"csrf": token, "share": "yes", "name": "我的"}).status_code == 403
    for number in range(2, 10):
        press(lead, page, "/queue/views", "yes", name=f"视图{number}")
    full = follow(lead, press(lead, page, "/queue/views", "yes", name="第十个")).text
    assert "最多共享 9 个视图" in full
    page = lead.get("/queue?due=overdue&kind=template").text
    page = follow(lead, press(lead, page, "/queue/views", "急件")).text
    assert ">急件</bdi>" not in page
    from smsvet_api.store.trail.verifying import verify

    assert verify(filled.store).damage is None


def test_an_empty_queue_says_so(console: Console) -> None:
    page = console.browser("reviewer").get("/queue").text
    assert "队列已清空，今天处理 0 件" in page
    browser = console.browser("reviewer")
    page = follow(browser, press(browser, page, "/queue/next")).text
    assert "没有可领取的案件" in page
    assert "没有可领取的案件" not in browser.get("/queue").text


def test_cases_in_the_hands_of_others_are_no_empty_queue(console: Console) -> None:
    console.submit(AGENCY)
    lin = console.browser("reviewer", "lin")
    press(lin, lin.get("/queue").text, "/queue/next")
    assert "剩余 1 件都在他人手中，最早释放" in console.browser("reviewer", "mo").get("/queue").text


@pytest.mark.parametrize(
    ("role", "status"),
    [("submitter", 403), ("admin", 403), ("rule_manager", 403), ("auditor", 200), ("lead", 200)],
)
def test_the_queue_belongs_to_some_roles(filled: Console, role: str, status: int) -> None:
    page = filled.browser(role).get("/queue")  # type: ignore[arg-type]
    assert page.status_code == status
    if role == "auditor":
        assert "/queue/next" not in page.text


def test_who_is_not_signed_in_signs_in_first(console: Console) -> None:
    from .pages import get

    response = get(console.app, "/queue?q=x")
    assert (response.status_code, response.headers["location"]) == (303, "/login?back=%2Fqueue%3Fq%3Dx")


def test_the_script_gets_the_rows_alone(filled: Console) -> None:
    import asyncio

    browser = filled.browser("reviewer")
    response = asyncio.run(browser._send("GET", "/queue", None, {"x-fragment": "counts rows"}))
    assert response.text.lstrip().startswith('<div id="queue-counts"')
    assert "<html" not in response.text


def test_hostile_texts_are_shown_as_text(console: Console) -> None:
    for number, text in enumerate(HOSTILE):
        open_case_on(console, f"{text.replace(chr(0), '')} 工商代办{number}")
    page = Markup(console.browser("reviewer").get("/queue").text)
    assert {tag for tag, _ in page.tags} & {"script", "img", "svg"} <= {"script", "svg"}
    assert all(
        (attributes.get("src") or "").startswith("/static/")
        for tag, attributes in page.tags
        if tag == "script"
    )
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "\u202e" not in "".join(page.text)
    assert "\u200b" not in "".join(page.text)
