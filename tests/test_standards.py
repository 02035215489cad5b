"""Every rule of the review standards has a rule file, or a reason why it has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet import Reviewer

IDS = [
    line
    for line in (Path(__file__).parent / "standards.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
]

UNKNOWN = "a submission does not carry the fact"

NOT_CARRIED = {
    "tpl.name": UNKNOWN,
    "tpl.quota": UNKNOWN,
    "tpl.immutable": UNKNOWN,
    "tpl.needs_signature_first": UNKNOWN,
    "tpl.duplicate": UNKNOWN,
    "tpl.typos": "whether a sentence reads well is a person's to say",
    "msg.type_match": UNKNOWN,
    "snd.whitelist": UNKNOWN,
    "snd.hourly": "no value is published",
    "snd.app_daily": "no value is published",
    "snd.intl_daily": UNKNOWN,
    "snd.voice": "voice messages are not reviewed",
    "snd.blacklist_carrier": "the carriers' lists are not public",
    "snd.sensitive_period": "the calendar is not published",
    "acc.individual_no_api": UNKNOWN,
    "aud.ruleset_drift": "a comparison of two revisions, not of one submission",
    "aud.duplicate_cluster": "a comparison of many templates, not of one",
    "aud.unused": UNKNOWN,
}


def test_the_list_is_complete() -> None:
    assert len(IDS) == len(set(IDS)) == 302


@pytest.mark.parametrize("standard", IDS)
def test_every_standard_has_a_rule_or_a_reason(standard: str, reviewer: Reviewer) -> None:
    carrying = [rule.id for rule in reviewer.rules if standard in rule.file.standard]
    assert bool(carrying) is (standard not in NOT_CARRIED), f"{standard}: {carrying}"


def test_no_exception_is_out_of_date() -> None:
    assert set(NOT_CARRIED) <= set(IDS)
