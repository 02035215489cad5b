"""Every example of every rule: the rule flags its `flag` examples and passes its `pass` examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from smsvet import Reviewer
from smsvet.files.location import CONTENT
from smsvet.model import Lang
from smsvet.schema import read_submission

RULES = sorted((CONTENT / "rules").rglob("*.yaml"))


def rule_id(path: Path) -> str:
    return path.relative_to(CONTENT / "rules").with_suffix("").as_posix()


def examples() -> Iterator[Any]:
    for path in RULES:
        rule = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for wanted in ("flag", "pass"):
            # Only with an operator's model can it flag: tests/engine/evidence/test_counter_evidence.py does so.
            if wanted == "flag" and rule.get("when") == ["learned"]:
                continue
            for number, example in enumerate(rule["examples"][wanted], start=1):
                name = f"{rule_id(path)}-{wanted}-{number}"
                yield pytest.param(rule_id(path), example, wanted == "flag", id=name)


CASES = list(examples())


@pytest.mark.parametrize(("rule", "example", "flagged"), CASES)
def test_example(rule: str, example: dict[str, Any], flagged: bool, reviewer: Reviewer) -> None:
    verdict = reviewer.review(read_submission(example))
    assert verdict.faults == ()
    assert (rule in {finding.rule for finding in verdict.findings}) is flagged


@pytest.mark.parametrize("example", [case.values[1] for case in CASES[::7]])
def test_example_in_english(example: dict[str, Any], reviewer: Reviewer) -> None:
    """The findings are the same in both languages."""
    submission = read_submission(example)
    chinese, english = reviewer.review(submission), reviewer.review(submission, "en")
    assert english.faults == ()
    assert english.decision == chinese.decision
    places = [(found.rule, found.field, found.start, found.end) for found in chinese.findings]
    assert [(found.rule, found.field, found.start, found.end) for found in english.findings] == places


def test_lists_in_english_messages_have_english_commas(reviewer: Reviewer) -> None:
    submissions = [read_submission(case.values[1]) for case in CASES if case.values[2]]
    texts = {
        text
        for submission in submissions
        for finding in reviewer.review(submission, "en").findings
        for text in (finding.message, finding.fix)
    }
    unquoted = {re.sub("“[^”]*”", "", text) for text in texts}
    assert [text for text in sorted(unquoted) if "、" in text] == []


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("zh", "“#code#”是其他服务商（聚合数据、云片）的变量写法，应写作“{1}”"),
        ("en", "“#code#” is the variable syntax of Juhe, Yunpian; use “{1}”"),
    ],
)
def test_other_vendors_are_named_by_their_titles(lang: Lang, message: str, reviewer: Reviewer) -> None:
    submission = read_submission({"body": "您的验证码是#code#", "purpose": "verification"})
    messages = [
        finding.message
        for finding in reviewer.review(submission, lang).findings
        if finding.rule == "template/foreign-variable"
    ]
    assert messages == [message]


def test_every_rule_file_is_a_rule(reviewer: Reviewer) -> None:
    assert [rule.id for rule in reviewer.rules] == sorted(map(rule_id, RULES))
