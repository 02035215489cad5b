"""Inputs from public bug reports and what is right for them; `tests/cases/reports.jsonl` describes each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet.schema import read_submission

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "reports.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['kind']}-{number}" for number, case in enumerate(CASES, 1)]
)
def test_report(case: dict[str, Any], reviewer: Reviewer) -> None:
    verdict, expected = reviewer.review(read_submission(case["submission"])), case["expect"]
    strict = {finding.rule for finding in verdict.findings if finding.decision != "approve"}
    rules = [finding.rule for finding in verdict.findings]
    said = "".join(f"{one.message}{one.fix}{one.suggestion or ''}" for one in verdict.findings)
    suggested = "".join(one.suggestion or "" for one in verdict.findings)
    marked = [one.text for one in verdict.findings if one.decision != "approve"]
    assert str(verdict.decision) in expected.get("decision", [str(verdict.decision)]), rules
    assert strict.isdisjoint(expected.get("no_rule", ()))
    assert "finding_any" not in expected or {*rules} & {*expected["finding_any"]}
    assert all(rules.count(rule) == times for rule, times in expected.get("findings_of", {}).items())
    assert expected.get("no_text", "\x00") not in said
    assert expected.get("no_suggestion", "\x00") not in suggested
    assert expected.get("no_span", "\x00") not in marked
