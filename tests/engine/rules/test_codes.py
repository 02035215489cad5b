"""Vendors' error codes: each is one that the vendor's API answers with, and every rule has one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from smsvet import Reviewer, Submission
from smsvet.lint import code_flaws
from smsvet.rules.rule import Rule
from smsvet.sms.codes import ANY_RULE

NAMES = Path(__file__).parents[2] / "cases" / "vendor-codes.tsv"
VENDORS = ("tencent", "aliyun", "huawei", "ucloud", "yunpian", "baidu", "qiniu", "volcengine", "jiguang")
REJECTED = {"baidu": "REJECTED", "qiniu": "rejected", "jiguang": "2"}
"""The status of a rejected submission at the vendors that publish no reasons."""
DAYS = (date(2018, 10, 9), date(2020, 12, 31), date(2021, 1, 1), date(2024, 12, 31), date(2026, 11, 28))


def names(use: str) -> dict[str, set[str]]:
    """Return the names of codes with a use, by provider."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in NAMES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            provider, code, given = line.split("\t")
            if given == use:
                found[provider].add(code)
    return found


ANSWERS, STATUSES, RECEIPTS = names("answer"), names("status"), names("receipt")


def rule_of(reviewer: Reviewer, rule_id: str) -> Rule:
    return next(rule for rule in reviewer.rules if rule.id == rule_id)


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_code_is_a_name_that_the_vendor_knows(reviewer: Reviewer, vendor: str) -> None:
    provider = reviewer.providers[vendor]
    named = {item.code for entries in provider.codes.values() for item in entries}
    named |= {item.code for rule in reviewer.rules for item in rule.codes(provider)}
    assert named <= ANSWERS[vendor] | STATUSES[vendor]
    assert not named & RECEIPTS[vendor]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_rule_has_a_code_on_every_day(reviewer: Reviewer, vendor: str) -> None:
    provider = reviewer.providers[vendor]
    without = [
        (rule.id, day, kind)
        for rule in reviewer.rules
        for day in DAYS
        for kind in (None, *(rule.file.kinds or ("signature", "template", "message")))
        if not rule.code(provider, day, kind)
    ]
    assert without == []


@pytest.mark.parametrize(("vendor", "status"), REJECTED.items())
def test_a_vendor_that_publishes_no_reasons_has_the_status_of_a_rejection(
    reviewer: Reviewer, vendor: str, status: str
) -> None:
    codes = reviewer.providers[vendor].codes
    assert {key: [item.code for item in entries] for key, entries in codes.items()} == {ANY_RULE: [status]}


def test_shipped_rules_leave_codes_to_the_providers(reviewer: Reviewer) -> None:
    assert [rule.id for rule in reviewer.rules if rule.file.codes] == []


def test_codes_name_rules_and_topics_that_exist(reviewer: Reviewer) -> None:
    assert list(code_flaws(reviewer)) == []


CODES = [
    # rule, provider, day, code at submission, code at sending
    ("content/loan", "tencent", DAYS[0], "1002", "1002"),
    ("content/loan", "tencent", DAYS[-1],
     "InvalidParameterValue.TemplateWithDirtyWords", "FailedOperation.ContainSensitiveWord"),
    ("content/gambling", "aliyun", DAYS[-1], "isv.SMS_CONTENT_ILLEGAL", "isv.SMS_CONTENT_ILLEGAL"),
    ("content/gambling", "huawei", DAYS[-1], "MSGSMS.0002", "E200028"),
    ("content/gambling", "ucloud", DAYS[-1], "18023", "18023"),
    ("content/gambling", "yunpian", DAYS[-1], "4", "4"),
    ("content/gambling", "volcengine", DAYS[-1], "RE:0005", "RE:0005"),
    ("contact/wechat", "tencent", DAYS[-1],
     "InvalidParameterValue.TemplateWithDirtyWords", "FailedOperation.ContainSensitiveWord"),
    ("account/individual-marketing", "tencent", DAYS[-1],
     "FailedOperation.ForbidAddMarketingTemplates", "UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny"),
    ("marketing/optout-missing", "aliyun", DAYS[-1], "isv.SMS_CONTENT_ILLEGAL", "isv.SMS_CONTENT_ILLEGAL"),
    ("marketing/optout-missing", "ucloud", DAYS[-1], "18023", "18023"),
    ("marketing/optout-missing", "yunpian", DAYS[-1], "7", "7"),
    ("template/malformed-variable", "tencent", DAYS[1], "1014", "1014"),
    ("template/malformed-variable", "yunpian", DAYS[-1], "6", "6"),
]  # fmt: skip


@pytest.mark.parametrize(("rule_id", "provider", "day", "submitted", "sent"), CODES)
def test_a_rule_has_one_code_at_submission_and_one_at_sending(
    rule_id: str, provider: str, day: date, submitted: str, sent: str, reviewer: Reviewer
) -> None:
    rule, vendor = rule_of(reviewer, rule_id), reviewer.providers[provider]
    assert rule.code(vendor, day, "template") == submitted
    assert rule.code(vendor, day, "message") == sent


SENT = [
    # rule, provider, code today
    ("message/template-mismatch", "tencent", "FailedOperation.TemplateIncorrectOrUnapproved"),
    ("message/signature-unapproved", "huawei", "E200033"),
    ("message/length", "ucloud", "18023"),
    ("params/count", "tencent", "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
    ("params/json", "huawei", "E000503"),
    ("params/attribute", "volcengine", "RE:0009"),
    ("params/symbols", "ucloud", "18033"),
    ("sending/batch-size", "tencent", "LimitExceeded.PhoneNumberCountLimit"),
    ("sending/batch-size", "huawei", "E200015"),
    ("sending/blacklist", "yunpian", "10"),
    ("sending/daily", "tencent", "LimitExceeded.PhoneNumberDailyLimit"),
    ("sending/marketing-window", "aliyun", "isv.BUSINESS_LIMIT_CONTROL"),
    ("signature/duplicate", "huawei", "MSGSMS.0004"),
    ("signature/length", "ucloud", "18000"),
]


@pytest.mark.parametrize(("rule_id", "provider", "code"), SENT)
def test_the_code_of_today(rule_id: str, provider: str, code: str, reviewer: Reviewer) -> None:
    assert rule_of(reviewer, rule_id).code(reviewer.providers[provider], DAYS[-1]) == code


def test_a_finding_has_the_code_of_its_kind(reviewer: Reviewer) -> None:
    def codes(submission: Submission) -> set[str | None]:
        found = reviewer.review(submission).findings
        return {finding.code for finding in found if finding.rule == "content/gambling"}

    text = "葡京真人荷官在线发牌"
    assert codes(Submission(body=text, purpose="notification")) == {
        "InvalidParameterValue.TemplateWithDirtyWords"
    }
    assert codes(Submission(text=f"【云雀】{text}", purpose="notification")) == {
        "FailedOperation.ContainSensitiveWord"
    }


def test_the_codes_of_a_rule_are_those_that_it_can_have(reviewer: Reviewer) -> None:
    tencent = reviewer.providers["tencent"]
    assert [item.code for item in rule_of(reviewer, "sending/batch-size").codes(tencent)] == [
        "1014",
        "LimitExceeded.PhoneNumberCountLimit",
    ]
    assert "FailedOperation.SignatureIncorrectOrUnapproved" not in {
        item.code for item in rule_of(reviewer, "link/over-cap").codes(tencent)
    }
