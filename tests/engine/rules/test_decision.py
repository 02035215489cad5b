"""A decision that follows from an inferred purpose is at most manual review, and says so."""

from __future__ import annotations

from typing import Any

import pytest

from smsvet import Reviewer, Submission
from smsvet.model import Decision, Purpose

SALE = "【云雀商城】双十一全场5折起，满300减50，快来选购！"
COURSE = "【云雀直播】您关注的课程直播将于今晚八点开始，请准时进入教室。"
CODE = "【云雀科技】您的验证码为123456，详见www.example.com"
FRAUD = "【云雀】代开各类发票，点数低，加微信abc12345"


@pytest.mark.parametrize("text", [SALE, COURSE, CODE])
def test_an_inferred_purpose_does_not_reject(text: str, reviewer: Reviewer) -> None:
    assert reviewer.review(Submission(text=text)).decision < Decision.REJECT


@pytest.mark.parametrize(
    ("text", "purpose"), [(SALE, "marketing"), (SALE, "notification"), (CODE, "verification")]
)
def test_a_declared_purpose_rejects(text: str, purpose: Purpose, reviewer: Reviewer) -> None:
    assert reviewer.review(Submission(text=text, purpose=purpose)).decision is Decision.REJECT


def test_a_value_is_not_rejected_as_a_code_without_a_purpose(reviewer: Reviewer) -> None:
    told: dict[str, Any] = {"body": "您的验证码为{1}，请勿泄露。", "params": ["12345678"]}
    verdict = reviewer.review(Submission(**told))
    found = [finding for finding in verdict.findings if finding.rule == "params/otp-digits"]
    assert [(finding.decision, "推断" in finding.message) for finding in found] == [
        (Decision.MANUAL_REVIEW, True)
    ]
    assert reviewer.review(Submission(**told, purpose="verification")).decision is Decision.REJECT


def test_what_no_purpose_allows_is_rejected_without_one(reviewer: Reviewer) -> None:
    verdict = reviewer.review(Submission(text=FRAUD))
    assert verdict.decision is Decision.REJECT
    assert not any(
        "推断" in finding.message for finding in verdict.findings if finding.decision is Decision.REJECT
    )


@pytest.mark.parametrize(
    ("lang", "ending"),
    [
        ("zh", "（未声明短信类型，“营销”是根据内容推断的）"),
        ("en", " (no message type was declared; marketing was inferred from the text)"),
    ],
)
def test_the_finding_says_that_the_purpose_was_inferred(lang: str, ending: str, reviewer: Reviewer) -> None:
    inferred = reviewer.review(Submission(text=SALE), "zh" if lang == "zh" else "en")
    held = [finding for finding in inferred.findings if finding.rule == "marketing/optout-missing"]
    assert [finding.message.endswith(ending) for finding in held] == [True]
    declared = reviewer.review(Submission(text=SALE, purpose="marketing"))
    assert not any(finding.message.endswith(ending) for finding in declared.findings)
