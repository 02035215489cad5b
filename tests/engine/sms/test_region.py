"""The region of a submission: the declared one where the provider serves it, else the provider's own."""

from __future__ import annotations

import pytest

from smsvet import Decision, Reviewer, Submission
from smsvet.model import Region

REGIONS = [
    # provider, declared, region
    ("tencent", None, "mainland"),
    ("tencent", "international", "international"),
    ("aliyun", "mainland", "mainland"),
    ("whatsapp", None, "international"),
    ("whatsapp", "mainland", "international"),
    ("dlt", None, "international"),
    ("twilio", None, "international"),
    ("huawei-intl", None, "international"),
    ("huawei-intl", "mainland", "mainland"),
]
SALE = "Hello, our spring sale starts today with 20% off for members. Reply STOP to unsubscribe."


@pytest.mark.parametrize(("provider", "declared", "region"), REGIONS)
def test_region(provider: str, declared: Region | None, region: Region, reviewer: Reviewer) -> None:
    assert reviewer.providers[provider].region_of(declared) == region
    assert reviewer.read(Submission(body="您好", provider=provider, region=declared)).region == region


@pytest.mark.parametrize("provider", ["whatsapp", "dlt", "twilio", "huawei-intl"])
def test_an_international_provider_follows_no_rule_of_the_mainland(provider: str, reviewer: Reviewer) -> None:
    verdict = reviewer.review(Submission(body=SALE, provider=provider, purpose="marketing"))
    assert verdict.decision is Decision.APPROVE
    assert not any(finding.suggestion for finding in verdict.findings)


def test_many_submissions_follow_their_provider_too(reviewer: Reviewer) -> None:
    submissions = [Submission(body=SALE, provider=name, purpose="marketing") for name in reviewer.providers]
    assert list(reviewer.review_many(submissions)) == [reviewer.review(one) for one in submissions]
