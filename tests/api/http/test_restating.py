"""A template as other providers write it."""

from __future__ import annotations

from typing import Any

import pytest

from smsvet import Reviewer
from smsvet_api.http.problems import encode
from smsvet_api.http.restating import restate_body

OTP = "您的验证码为{1}，{2}分钟内有效。"
NAMED = "您的验证码为${code}，${minutes}分钟内有效。"


def restated(reviewer: Reviewer, **submission: Any) -> dict[str, dict[str, Any]]:
    return restate_body(reviewer, encode(submission), "en")


@pytest.mark.parametrize(
    ("provider", "body", "other", "expected"),
    [
        ("tencent", OTP, "aliyun", NAMED),
        ("tencent", OTP, "huawei", "您的验证码为${1}，${2}分钟内有效。"),
        ("tencent", OTP, "netease", "您的验证码为%s，%s分钟内有效。"),
        ("tencent", OTP, "yunpian", "您的验证码为#code#，#minutes#分钟内有效。"),
        ("aliyun", NAMED, "tencent", OTP),
        ("aliyun", NAMED, "volcengine", None),
        ("tencent", OTP, "tencent", None),
        ("tencent", "您的验证码为｛1｝。", "aliyun", None),  # a mistake at its own provider
        ("tencent", "您的验证码已发送。", "aliyun", None),
    ],
)
def test_placeholders_are_written_as_a_provider_writes_them(
    reviewer: Reviewer, provider: str, body: str, other: str, expected: str | None
) -> None:
    found = restated(reviewer, provider=provider, body=body).get(other)
    assert (found["body"] if found else None) == expected
    assert found is None or found["provider"] == other


def test_a_restated_template_has_no_syntax_problem_left(reviewer: Reviewer) -> None:
    found = restated(reviewer, provider="tencent", body=OTP)
    assert len(found) > 10
    for provider, submission in found.items():
        assert not reviewer.catalogue.reader.parser.read(submission["body"], provider).problems, provider


def test_values_and_types_follow_the_names(reviewer: Reviewer) -> None:
    given = {"params": {"1": "1234", "2": "5"}, "variables": {"1": "numbercaptcha"}}
    found = restated(reviewer, provider="tencent", body=OTP, **given)
    assert found["aliyun"]["params"] == {"code": "1234", "minutes": "5"}
    assert found["aliyun"]["variables"] == {"code": "numbercaptcha"}
    one_name = found["huawei-intl"]
    assert one_name["body"].count("${TXT_20}") == 2
    assert "params" not in one_name
    assert restated(reviewer, provider="tencent", body=OTP, params=["1234", "5"])["aliyun"]["params"] == [
        "1234",
        "5",
    ]


def test_more_placeholders_than_a_provider_allows_stay_a_difference(reviewer: Reviewer) -> None:
    body = "，".join(f"项目{{{number}}}" for number in range(1, 60))
    found = restated(reviewer, provider="tencent", body=body)
    fewer = {one.id for one in reviewer.providers.values() if (one.highest("placeholder_count") or 99) < 59}
    assert fewer.isdisjoint(found)
