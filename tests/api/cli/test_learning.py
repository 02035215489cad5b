"""`smsvet learn`: from a table of decisions to a policy with learned evidence."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from smsvet.files.location import CONTENT

from .command_line import answers, run

pytestmark = pytest.mark.usefixtures("one_reviewer")


def decisions(path: Path, count: int) -> str:
    """Write the shipped labelled texts as decisions of an operator."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["模板内容", "审核结果"])
        for name, word in (("benign", "通过"), ("violating", "驳回")):
            lines = (
                (CONTENT / "corpora" / "labelled" / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
            )
            rows = (json.loads(line)["submission"] for line in lines if line)
            bodies = list(dict.fromkeys(row["body"] for row in rows if "body" in row))
            table.writerows([body, word] for body in bodies[:count])
    return str(path)


def test_decisions_become_a_model_that_a_policy_names(tmp_path: Path) -> None:
    model, policy = tmp_path / "my.tsv", tmp_path / "policy.yaml"
    result = run("learn", decisions(tmp_path / "decisions.csv", 250), "-o", str(model))
    assert result.exit_code == 0, result.stderr
    assert "误报 1% 时召回" in result.stdout
    assert "引擎自身" in result.stdout
    policy.write_text("model: my.tsv\n", encoding="utf-8")
    spam = "名额有限，老客户领福利，速来办理，额度高放款快，代办各类业务"
    reviewed = run("review", "--policy", str(policy), "--body", spam, "--format", "jsonl")
    found = {finding["rule"]: finding for finding in answers(reviewed)[0]["findings"]}
    assert found["content/learned-evidence"]["decision"] == "manual_review"
    assert found["content/learned-evidence"]["evidence"][0]["ngrams"]


@pytest.mark.parametrize(("lang", "said"), [("zh", "各需至少 200 条"), ("en", "at least 200 of each")])
def test_too_few_decisions_are_refused(tmp_path: Path, lang: str, said: str) -> None:
    model = tmp_path / "my.tsv"
    result = run("learn", decisions(tmp_path / "d.csv", 199), "-o", str(model), "--lang", lang)
    assert result.exit_code == 3
    assert said in result.stderr.replace("\n", " ")
    assert not model.exists()


def test_nothing_is_half_written(tmp_path: Path) -> None:
    model = tmp_path / "no such folder" / "my.tsv"
    result = run("learn", decisions(tmp_path / "d.csv", 250), "-o", str(model))
    assert result.exit_code == 3
    assert "无法写入" in result.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "d.csv"]
