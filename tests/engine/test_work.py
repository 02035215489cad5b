"""The work of a review grows with its text, for any content: counted in calls, the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from smsvet import Reviewer
from smsvet.schema import read_submission
from smsvet.templates.values import MAX_VALUES

SHORT = 400
LONG = 3000
"""Code points of a field that are searched."""
DENSE = 110
"""Calls a code point for the densest repetitions: words, disguises or placeholders at every second code point."""
GROWTH = 2.6
"""Times the calls for twice the text; some work does not depend on it."""

BODIES = [
    "加微信", "代开发票", "处理库存", "无抵押贷款", "立减", "名师授课", "威❤信", "👨‍👩‍👧", "代贝款", "贷 款 ", "d k ", "daikuan",
    "点com", "a。cn ", "{1}.com", "t.cn/a", "http://a.cn ", "ﷺ", "13912345678 ", "【云雀】", "你看看", "\x1f", "dot", "验证码1234",
    "您的订单已发货，请注意查收。", "名师授课全场五折优惠欢迎新老客户到店选购精品服装立减百元加微信咨询",
]  # fmt: skip


REPEATED = [
    "电业Ǆ致", "贷还款已\x01", "年末清仓", "{1代贝款Ⓐ", "谒", "菠菜下注", "无抵押dk", "满减", "微x", "看房即送", "㏂", "t．cn", "{a{",
    "女大学生兼职陪", "{0}🆓%s", "****127.0.0.1时时彩计划", "VX abc_12345२www.{1}.cn", "幸运抽中t.cn/Ab3电子公章",
]  # fmt: skip

PURPOSE = {
    "body": {"purpose": "marketing"},
    "text": {"purpose": "marketing"},
    "remark": {"signature": "云雀科技"},
}


@pytest.fixture(scope="module")
def warm() -> Reviewer:
    reviewer = Reviewer()
    reviewer.warm()
    return reviewer


def calls(work: Callable[[], object]) -> int:
    """Return the functions that some work calls, in Python and in C."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def repeated(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def grown(work: Callable[[int], Callable[[], object]]) -> float:
    """Return the ratio of calls for twice the length, with warm caches."""
    short, long = work(SHORT), work(2 * SHORT)
    short()
    long()
    return calls(long) / calls(short)


@pytest.mark.parametrize("unit", BODIES)
def test_a_review_works_in_proportion_to_its_body(warm: Reviewer, unit: str) -> None:
    def work(length: int) -> Callable[[], object]:
        submission = read_submission({"body": repeated(unit, length), "purpose": "marketing"})
        return lambda: warm.review(submission)

    assert grown(work) < GROWTH


@pytest.mark.parametrize("unit", BODIES)
def test_a_batch_works_in_proportion_to_its_bodies(warm: Reviewer, unit: str) -> None:
    def work(length: int) -> Callable[[], object]:
        submission = read_submission({"body": repeated(unit, length), "purpose": "marketing"})
        return lambda: list(warm.review_many([submission]))

    assert grown(work) < GROWTH


@pytest.mark.parametrize("unit", BODIES)
def test_a_review_works_in_proportion_to_a_value(warm: Reviewer, unit: str) -> None:
    def work(length: int) -> Callable[[], object]:
        submission = read_submission(
            {"body": "您的订单{1}已发货", "purpose": "notification", "params": [repeated(unit, length)]}
        )
        return lambda: warm.review(submission)

    assert grown(work) < GROWTH


@pytest.mark.parametrize("unit", ["加微信", "名师授课", "威❤信", "处理库存", "无抵押贷款"])
def test_a_batch_of_hostile_texts_works_hardly_more_than_its_reviews(warm: Reviewer, unit: str) -> None:
    submissions = [
        read_submission({"body": repeated(unit, 300 + number), "purpose": "marketing"}) for number in range(5)
    ]

    def alone() -> None:
        for submission in submissions:
            warm.review(submission)

    def together() -> None:
        list(warm.review_many(submissions))

    alone()
    together()
    assert calls(together) < 1.1 * calls(alone)


@pytest.mark.parametrize("value", [1, "1", "t.cn/Ab3"])
def test_values_beyond_the_limit_take_no_work(warm: Reviewer, value: object) -> None:
    def work(count: int) -> Callable[[], object]:
        submission = read_submission(
            {"body": "您的订单{1}已发货", "purpose": "notification", "params": [value] * count}
        )
        return lambda: warm.review(submission)

    few, many = work(2 * MAX_VALUES), work(20_000)
    few()
    many()
    assert calls(many) < 1.1 * calls(few)


@pytest.mark.parametrize("unit", ["你好", "加微信", "云雀", "test", "验证码", "("])
def test_a_review_works_in_proportion_to_a_signature(warm: Reviewer, unit: str) -> None:
    def work(length: int) -> Callable[[], object]:
        submission = read_submission({"signature": repeated(unit, length)})
        return lambda: warm.review(submission)

    assert grown(work) < GROWTH


@pytest.mark.parametrize(
    ("field", "unit", "provider"),
    [
        *(("body", unit, "tencent") for unit in (*BODIES, *REPEATED)),
        ("text", "{0}\u202e", "aliyun"),
        ("text", "$a", "aliyun"),
        ("body", "${a}", "aliyun"),
        ("body", "{0}\u202e", "aliyun"),
        ("body", "{1代贝款Ⓐ", "aliyun"),
        ("signature", "微信", "tencent"),
        ("signature", "͜威❤信", "ucloud"),
        ("remark", "加微信", "aliyun"),
    ],
)
def test_a_repetition_takes_few_calls_a_code_point(
    warm: Reviewer, field: str, unit: str, provider: str
) -> None:
    submission = read_submission({field: repeated(unit, LONG), "provider": provider} | PURPOSE.get(field, {}))
    warm.review(submission)
    assert calls(lambda: warm.review(submission)) < DENSE * LONG


@pytest.mark.parametrize("unit", ["谒", "威❤信", "代开发票"])
def test_a_long_body_in_a_batch_takes_hardly_more_than_its_review(warm: Reviewer, unit: str) -> None:
    submission = read_submission({"body": repeated(unit, LONG), "purpose": "marketing"})

    def alone() -> object:
        return warm.review(submission)

    def batch() -> object:
        return list(warm.review_many([submission]))

    alone()
    batch()
    assert calls(batch) < 1.1 * calls(alone)


def test_a_text_without_findings_takes_few_calls(warm: Reviewer) -> None:
    submission = read_submission({"body": "您的订单{1}已发货，请注意查收。", "purpose": "notification"})
    warm.review(submission)
    assert calls(lambda: warm.review(submission)) < 300


def test_a_placeholder_of_any_length_is_one(warm: Reviewer) -> None:
    def work(length: int) -> Callable[[], object]:
        body = "您的${" + "a" * length + "}已发货"
        submission = read_submission({"body": body, "provider": "aliyun"})
        return lambda: warm.review(submission)

    assert grown(work) < GROWTH
