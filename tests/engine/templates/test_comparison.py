from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.templates.comparison import match_template, template_differences
from smsvet.text.fold import Folder

FOLDER = Folder.load(Path(__file__).parents[3] / "corpora/fold.tsv")
CODE = "您的验证码是{1}，请勿泄露。"


def fold(char: str) -> str:
    return FOLDER.fold(char)[0]


def holes(body: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(r"\{[0-9]+\}", body)]


MATCHES = [
    # body, text, values
    ("您的验证码是{1}，请勿泄露。", "您的验证码是1234，请勿泄露。", ["1234"]),
    ("{1}为您的验证码，{2}分钟内有效", "1234为您的验证码，5分钟内有效", ["1234", "5"]),
    ("{1}，{2}，完", "a，b，c，完", ["a", "b，c"]),
    ("您好{1}{2}！", "您好张三！", ["", "张三"]),
    ("第{1}号", "第号", [""]),
    ("已发货", "已发货", []),
    ("{1}", "任何内容\n都行", ["任何内容\n都行"]),
    ("ab{1}ba", "abba", [""]),
    ("ab{1}ba", "aba", None),
    ("您的验证码是{1}，请勿泄露。", "您的验证码是1234,请勿泄露。", None),
    ("已发货", "已发货。", None),
]


@pytest.mark.parametrize(("body", "text", "values"), MATCHES)
def test_values_are_as_short_as_possible(body: str, text: str, values: list[str] | None) -> None:
    found = match_template(body, holes(body), text)
    assert (None if found is None else [text[start:end] for start, end in found]) == values


DIFFERENCES = [
    # body, text, [(cause, place in the template, expected, actual)], corrected
    (CODE, "您的验证码是1234,请勿泄露。", [("width", 10, "，", ",")], "您的验证码是1234，请勿泄露。"),
    (CODE, "您的验证码是1234，请勿\u200b泄露。", [("invisible", 13, "", "\u200b")], "您的验证码是1234，请勿泄露。"),
    (CODE, " 您的验证码是1234，请勿泄露。", [("blank", 1, "", " ")], "您的验证码是1234，请勿泄露。"),
    (CODE, "您的验证码是1234，请勿泄露。 ", [("blank", 16, "", " ")], "您的验证码是1234，请勿泄露。"),
    (CODE, "您的验证码是1234，请勿泄露", [("missing", 15, "。", "")], "您的验证码是1234，请勿泄露。"),
    (CODE, "您的验证码是1234，请勿泄漏。", [("changed", 14, "露", "漏")], "您的验证码是1234，请勿泄露。"),
    (CODE, "您的驗證碼是1234，请勿泄露。", [("variant", 3, "验证码", "驗證碼")], "您的验证码是1234，请勿泄露。"),
    (CODE, "您的验证码是1234，请勿泄露给他人。", [("extra", 15, "", "给他人")], "您的验证码是1234，请勿泄露。"),
    (CODE, "您验证码是1234，请勿泄露。", [("missing", 2, "的", "")], "您的验证码是1234，请勿泄露。"),
    (
        CODE,
        "您的验证码是 1234,请勿 泄露.",
        [("width", 10, "，", ","), ("blank", 13, "", " "), ("changed", 15, "。", ".")],
        "您的验证码是 1234，请勿泄露。",
    ),
    (
        "请在{1}分钟内填写验证码{2}。",
        "请在5小时内填写验证码1234。",
        [("changed", 6, "分钟", "小时")],
        "请在5分钟内填写验证码1234。",
    ),
    ("编号{1}号已到柜台，请领取", "编号12已到柜台，请领取", [("missing", 6, "号", "")], "编号12号已到柜台，请领取"),
    ("您的code是{1}，请勿泄露", "您的CODE是1234，请勿泄露", [("variant", 3, "code", "CODE")], "您的code是1234，请勿泄露"),
    ("您的订单{1}已发货，请查收", "您的订单A1已发货，\n请查收", [("blank", 12, "", "\n")], "您的订单A1已发货，请查收"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text", "wanted", "corrected"), DIFFERENCES)
def test_differences_are_described(
    body: str, text: str, wanted: list[tuple[str, int, str, str]], corrected: str
) -> None:
    found, repaired = template_differences(body, holes(body), text, fold)
    assert [(one.cause, one.place, one.expected, one.actual) for one in found] == wanted
    assert [text[one.start : one.end] for one in found] == [actual for *_, actual in wanted]
    assert repaired == corrected


def test_values_that_were_given_are_compared() -> None:
    found, repaired = template_differences(CODE, holes(CODE), "您的验证码是1235，请勿泄露。", fold, ["1234"])
    assert [(one.cause, one.place, one.expected, one.actual) for one in found] == [
        ("value", 7, "1234", "1235")
    ]
    assert repaired == "您的验证码是1234，请勿泄露。"
    assert template_differences(CODE, holes(CODE), "您的验证码是1234，请勿泄露。", fold, ["1234"]) == (
        [],
        None,
    )


def test_an_unrelated_text_is_one_difference() -> None:
    text = "年会定于周五下午三点举行，地点在二楼。"
    found, repaired = template_differences(CODE, holes(CODE), text, fold)
    assert [(one.whole, one.start, one.end) for one in found] == [(True, 0, len(text))]
    assert repaired is None


def test_a_long_text_is_one_difference() -> None:
    text = "甲" * 20_000
    found, repaired = template_differences("乙{1}丙" + "丁" * 400, [(1, 4)], text, fold)
    assert [one.whole for one in found] == [True]
    assert repaired is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Your  order A12 has come", 0),
        ("Your order, A12 has\ncome.", 0),
        ("Your order A12 has gone", 2),
    ],
)
def test_ignored_characters_do_not_count(text: str, count: int) -> None:
    body = "Your order {1}, has come."
    assert len(template_differences(body, holes(body), text, fold, ignored=" \t\r\n.,")[0]) == count


pieces = st.lists(st.sampled_from(["甲", "乙丙", "，", "{1}", "a", " "]), max_size=6).map("".join)


@given(pieces, st.text(alphabet="甲乙丙，,a \u200b", max_size=12))
def test_corrected_texts_match(body: str, text: str) -> None:
    found, repaired = template_differences(body, holes(body), text, fold)
    assert (match_template(body, holes(body), text) is not None) == (not found)
    if repaired is not None:
        assert match_template(body, holes(body), repaired) is not None


@given(pieces, st.lists(st.text(alphabet="甲乙，a", max_size=3), min_size=6, max_size=6))
def test_a_rendered_template_matches(body: str, values: list[str]) -> None:
    out, at = [], 0
    for value, (start, end) in zip(values, holes(body), strict=False):
        out += [body[at:start], value]
        at = end
    text = "".join([*out, body[at:]])
    assert match_template(body, holes(body), text) is not None
    assert template_differences(body, holes(body), text, fold, values)[0] == []
