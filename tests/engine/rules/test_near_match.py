"""The longest part of a pattern that matches where the whole pattern does not."""

from __future__ import annotations

import re

import pytest

from smsvet import HOLE, Reviewer
from smsvet.rules.near_match import longest_part, missing_literals
from smsvet.rules.text_checks import PatternCheck

PARTS = [
    # pattern, text, the part of the pattern, and what it matches
    ("已发货", "您的订单已发出", "已发", "已发"),
    ("已(?P<what>发货|签收)完成", "您的订单已签收", "已(?P<what>发货|签收)", "已签收"),
    ("(?:下载|安装)[^,。]{0,8}(?:https?://|www\\.)[^,。]+", "请下载应用", "(?:下载|安装)", "下载"),
    (
        "请.{0,4}缴费|您已欠费[^,]{0,9}请",
        "您已欠费30元",
        "您已欠费",
        "您已欠费",
    ),  # the better of two alternatives
    ("(?:加微信|加好友领取)", "加好友", "加好友", "加好友"),  # a group that is the whole pattern is opened
    ("[0-9]{4}元起", "1234元", "[0-9]{4}元", "1234元"),
    ("(?i)sale ends", "SALE now", "sale ", "SALE "),
    ("a\\u4e00\\x41b", "xa一A", "a\\u4e00\\x41", "a一A"),
    # what matches almost anything does not count
    (
        "[a-z0-9一-鿿]+[.](?:apk|exe)|(?:下载|安装).{0,8}http",
        "您的包裹已发货，请下载应用",
        "(?:下载|安装)",
        "下载",
    ),
    ("退订回\x1f+即可", f"退订回{HOLE * 3}", f"退订回{HOLE}+", f"退订回{HOLE * 3}"),
    ("(a)b\\1c", "ab", "(a)b", "ab"),  # the part that refers to a group left out is no part
]


@pytest.mark.parametrize(("pattern", "text", "part", "matched"), PARTS)
def test_the_longest_part_that_matches(pattern: str, text: str, part: str, matched: str) -> None:
    assert re.search(pattern, text) is None
    found = longest_part(pattern, text)
    assert found is not None
    assert (found.pattern, text[found.start : found.end]) == (part, matched)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("发货", "您的订单"),
        ("发货", "发出"),  # one character says nothing
        ("^.*(?!好)$x", "您的订单"),  # what matches anything says nothing
        ("\x1f+天", f"共{HOLE * 3}"),
        ("", "您的订单"),
    ],
)
def test_no_part_is_worth_showing(pattern: str, text: str) -> None:
    assert longest_part(pattern, text) is None


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("发货", "您的订单", ("发货",)),
        ("(?:验证|校验)码", "您的订单", ("校验码", "验证码")),
        ("查看.{0,4}公告", "请查看", ("公告",)),
        ("查看.{0,4}公告|进群.{0,4}领取.{0,4}红包", "请查看", ("公告",)),  # the nearer alternative
        ("查看.{0,4}公告", "公告，请查看", ()),  # all there, in the wrong order
        ("[a-z]*", "您的订单", ()),
    ],
)
def test_the_literals_that_a_text_lacks(pattern: str, text: str, words: tuple[str, ...]) -> None:
    assert missing_literals(pattern, text) == words


def test_the_part_of_every_shipped_pattern_matches_where_it_says(reviewer: Reviewer) -> None:
    text = f"您的订单{HOLE * 3}已签收，请于3日内登录网站www.example.com确认收货，回复TD退订"
    checks = [rule.file.check for rule in reviewer.rules if isinstance(rule.file.check, PatternCheck)]
    assert len(checks) > 20
    for check in checks:
        found = longest_part(check.pattern, text)
        if found:
            assert re.compile(found.pattern).search(text, found.start)
