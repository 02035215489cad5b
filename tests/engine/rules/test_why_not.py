"""Why a check found nothing, in plain sentences, for every kind of check."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from smsvet import Document, Reviewer, Submission
from smsvet.rules.checks import AnyCheck
from smsvet.rules.why_not import why_not

NOTICE: dict[str, Any] = {"body": "您的訂單{1}已发出", "purpose": "notification"}
REASONS: list[tuple[dict[str, Any], str, str]] = [
    # a check, the first sentence in Chinese and in English
    (
        {"kind": "pattern", "pattern": "已发货"},
        "文本与规则的模式不匹配",
        "The text does not match the rule's pattern",
    ),
    (
        {"kind": "pattern", "pattern": "\\x1f+元"},
        "文本与规则的模式不匹配",
        "The text does not match the rule's pattern",
    ),
    (
        {"kind": "terms", "category": "gambling"},
        "签名、正文、完整短信、变量值中没有 gambling 词库的词",
        "The lexicon gambling has no term that is in the signature, body, message, values",
    ),
    (
        {"kind": "length", "in": ["body"], "most": 70},
        "长度没有超出 0–70：正文 10",
        "The length is within 0–70: body 10",
    ),
    (
        {"kind": "length", "in": ["body"], "limit": "footer_length"},
        "服务商没有这项限制",
        "The provider has no such limit",
    ),
    (
        {"kind": "placeholder", "problems": ["empty"]},
        "没有这种写错的变量",
        "No placeholder is malformed in this way",
    ),
    (
        {"kind": "placeholder", "most": 3},
        "变量的数量和位置没有问题：“{1}”",
        "The number and the places of the placeholders are right: “{1}”",
    ),
    ({"kind": "link"}, "文本中没有链接", "There are no links"),
    ({"kind": "contact", "types": ["qq"]}, "文本中没有联系方式", "There are no contact details"),
    (
        {"kind": "field", "field": "usage", "is": ["other"]},
        "签名用途的内容不是规则要找的",
        "The value of usage is not what the rule looks for",
    ),
    (
        {
            "kind": "score",
            "review": 2,
            "signals": [
                {
                    "name": "发货",
                    "name_en": "shipped",
                    "weight": 1,
                    "check": {"kind": "pattern", "pattern": "已发"},
                },
                {
                    "name": "优惠",
                    "name_en": "sale",
                    "weight": 1,
                    "check": {"kind": "pattern", "pattern": "优惠"},
                },
            ],
        },
        "各项依据合计 1 分，达到 2 分才算命中：发货 +1",
        "The signals add up to 1 points of the 2 needed: shipped +1",
    ),
    (
        {"kind": "all", "of": [{"kind": "pattern", "pattern": "已发"}, {"kind": "link"}]},
        "2 个条件须同时满足，有 1 个没有满足",
        "All of 2 conditions must hold; 1 of them does not",
    ),
    (
        {"kind": "any", "of": [{"kind": "link"}, {"kind": "contact", "types": ["qq"]}]},
        "文本中没有链接",
        "There are no links",
    ),
    (
        {
            "kind": "unless",
            "check": {"kind": "pattern", "pattern": "已发"},
            "unless": [{"kind": "pattern", "pattern": "订单"}],
        },
        "属于例外：“訂單”",
        "An exception applies: “訂單”",
    ),
    (
        {"kind": "unless", "check": {"kind": "link"}, "unless": [{"kind": "pattern", "pattern": "订单"}]},
        "文本中没有链接",
        "There are no links",
    ),
    ({"kind": "python"}, "没有找到要找的内容", "What the rule looks for was not found"),
]


def unfiltered(document: Document) -> Document:
    """Return a document with every pattern marked as possible, including those of no shipped rule."""
    texts = {name: replace(text, pattern_bits=-1) for name, text in document.texts.items()}
    return replace(document, texts=texts)


@pytest.mark.parametrize(("check", "chinese", "english"), REASONS)
def test_the_first_reason(check: dict[str, Any], chinese: str, english: str, reviewer: Reviewer) -> None:
    read: Any = TypeAdapter(AnyCheck).validate_python(check)
    context, document = reviewer.catalogue.context, unfiltered(reviewer.read(Submission(**NOTICE)))
    assert why_not(read, document, context, "zh")[0] == chinese
    assert why_not(read, document, context, "en")[0] == english


def test_every_kind_of_check_has_a_reason() -> None:
    kinds = {get_args(check.model_fields["kind"].annotation)[0] for check in get_args(get_args(AnyCheck)[0])}
    assert {check["kind"] for check, _, _ in REASONS} == kinds


def test_others_of_the_kind_are_named(reviewer: Reviewer) -> None:
    check: Any = TypeAdapter(AnyCheck).validate_python({"kind": "link", "host": "short"})
    document = reviewer.read(Submission(body="详见 www.example.com"))
    assert why_not(check, document, reviewer.catalogue.context, "zh") == [
        "文本中的链接不是规则要找的：“www.example.com”"
    ]


def test_weak_terms_alone_are_named(reviewer: Reviewer) -> None:
    check: Any = TypeAdapter(AnyCheck).validate_python({"kind": "terms", "category": "gambling"})
    document = reviewer.read(Submission(body="彩金"))
    told = why_not(check, document, reviewer.catalogue.context, "zh")
    assert told == [
        "gambling 词库中只有弱词“彩金”；需要一个强词，或 2 个不同的弱词",
        "规范化后的正文：彩金",
    ]


def test_a_pattern_is_shown_with_placeholders_as_they_are_in_texts(reviewer: Reviewer) -> None:
    check: Any = TypeAdapter(AnyCheck).validate_python({"kind": "pattern", "pattern": r"订单\x1f+元"})
    document = reviewer.read(Submission(**NOTICE))
    assert why_not(check, document, reviewer.catalogue.context, "zh")[1:] == [
        "模式：订单{…}+元",
        "匹配到的最长部分：订单{…}+，即正文中的“订单{…}”",
        "文本中没有：“{…}元”",
        "规范化后的正文：您的订单{…}已发出",
    ]
