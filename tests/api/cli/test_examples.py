"""The shipped examples on the command line."""

from __future__ import annotations

import json

import pytest
import yaml

from smsvet import Reviewer

from .command_line import ROOT, answers, run

pytestmark = pytest.mark.usefixtures("one_reviewer")
EXAMPLES = ROOT / "examples"


def test_the_shipped_submissions() -> None:
    path = EXAMPLES / "submissions.jsonl"
    given = [json.loads(line) for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    result = run("review", str(path), "--format", "jsonl")
    lines = answers(result)
    assert [line["id"] for line in lines] == [submission["id"] for submission in given]
    assert all("error" not in line and not line["faults"] for line in lines)
    assert {line["decision"] for line in lines} == {"approve", "reject", "manual_review"}
    assert result.exit_code == 1


def test_the_shipped_submissions_use_every_provider(reviewer: Reviewer) -> None:
    text = (EXAMPLES / "submissions.jsonl").read_text(encoding="utf-8")
    used = {json.loads(line).get("provider", "tencent") for line in text.removesuffix("\n").split("\n")}
    assert set(reviewer.providers) - used == set(), "add a submission for each to examples/submissions.jsonl"
    assert used <= set(reviewer.providers)


def test_the_shipped_table_and_policy() -> None:
    result = run("review", str(EXAMPLES / "submissions.csv"), "--policy", str(EXAMPLES / "policy.yaml"))
    assert "sheet-neutral-signature" in result.stdout
    assert "共 6 条" in result.stdout
    assert result.exit_code == 1, result.output


def test_the_shipped_policy_switches_its_rules() -> None:
    policy = EXAMPLES / "policy.yaml"
    stated = yaml.safe_load(policy.read_text(encoding="utf-8"))
    changed = Reviewer(policy=policy)
    switched = {rule.id: rule.switched for rule in changed.rules if rule.switched}
    assert switched == stated["rules"]
    assert changed.revision != Reviewer().revision
