"""The repetitions of a long text are searched once, and no rule loses a hit by it."""

from __future__ import annotations

from typing import Any

import pytest

from smsvet import Reviewer, Submission
from smsvet.findings import root
from smsvet.lexicon import lexicon as searched
from smsvet.lexicon.repetitions import LONG_TEXT, cuts_of, shortened
from smsvet.model import Verdict

UNITS = [
    "代开发票", "加v信", "jia wei xin ", "威❤信", "加 微 信 ", "处理库存,无抵押贷款", "扣扣群号壹贰叁肆伍", "贷还款已\x01", "{1}贷款",
    "名师授课全场五折优惠欢迎新老客户到店选购精品服装立减百元加微信咨询", "您的订单已发货，请注意查收。", "全场（五折）。", "赌*博",
]  # fmt: skip
AROUND = [
    ("", ""),
    ("您的订单{1}。", "代开发票"),
    ("Your parcel is on its way, dear customer. ", " wei xin"),
    ("(", ")贷款"),
]
SYLLABLES = {"jia", "wei", "xin", "weixin", "jiaweixin"}
REACH = 51


def spells(letters: str) -> bool:
    return letters in SYLLABLES


def rules(verdict: Verdict) -> set[tuple[Any, ...]]:
    return {(one.rule, one.decision, root(one.field), one.category) for one in verdict.findings}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(("before", "after"), AROUND)
def test_shortening_a_repetition_changes_no_rule_and_decision(
    reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch, unit: str, before: str, after: str
) -> None:
    body = before + unit * (900 // len(unit)) + after
    submission = Submission(body=body, purpose="marketing")
    short = reviewer.review(submission)
    monkeypatch.setattr(searched, "LONG_TEXT", len(body) + 1)
    whole = reviewer.review(submission)
    assert (short.decision, short.faults, rules(short)) == (whole.decision, whole.faults, rules(whole))
    quoted = {(one.rule, one.text, one.transforms) for one in short.findings}
    assert {(one.rule, one.text, one.transforms) for one in whole.findings} <= quoted


@pytest.mark.parametrize("unit", UNITS)
def test_what_is_left_out_repeats_what_is_before_it(unit: str) -> None:
    text = "尊敬的会员：" + unit * (3000 // len(unit)) + "拒收请回复R"
    cuts = list(cuts_of(text, 80))
    assert sum(cut.end - cut.start for cut in cuts) > len(text) // 2
    for start, end, period in cuts:
        assert (end - start) % period == 0
        assert text[start:end] == text[start - period : start] * ((end - start) // period)
        assert text[start - 80 : start] == text[end - 80 : end]
        assert text[start : start + 80] == text[end : end + 80]


@pytest.mark.parametrize(
    "text",
    [
        "您的订单已发货，请注意查收。",
        "".join(chr(0x4E00 + 7 * place) for place in range(3000)),
        "一二三" * 40 + "".join(chr(0x5000 + place) for place in range(1000)),
    ],
)
def test_a_text_that_hardly_repeats_itself_is_searched_whole(text: str) -> None:
    assert shortened(text, spells, REACH) is None


def test_a_text_is_searched_whole_where_its_language_depends_on_a_repetition() -> None:
    english = "the parcel of your order is on its way to the store near you today thanks " * 2
    mostly_pinyin = english + "weixin " * 200
    assert shortened(mostly_pinyin, spells, REACH) is None
    assert shortened("weixin " * 200, spells, REACH) is not None


def test_a_long_list_in_an_ordinary_template_is_no_repetition() -> None:
    stops = "，".join(f"第{place}站{place % 24}:{place % 60:02}发车" for place in range(1, 60))
    assert len(stops) > 2 * LONG_TEXT
    assert shortened(f"尊敬的旅客，时刻表：{stops}。", spells, REACH) is None
