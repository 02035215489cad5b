"""Texts on which vendors publish a decision: every case of `tests/cases/vendors.jsonl` has one of the right decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet.schema import read_submission


def cases() -> Iterator[Any]:
    path = Path(__file__).parent / "cases" / "vendors.jsonl"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        case = json.loads(line)
        yield pytest.param(case, id=f"{case['kind']}-{number}")


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: dict[str, Any], reviewer: Reviewer) -> None:
    verdict = reviewer.review(read_submission(case["submission"]))
    assert verdict.faults == ()
    assert verdict.decision.value in case["expect"], [finding.rule for finding in verdict.findings]
