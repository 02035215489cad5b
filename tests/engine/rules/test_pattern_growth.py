"""A pattern that can take more than linear time is refused with its place, unless the rule is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet import ContentError, Reviewer, Submission
from smsvet.lint import time_flaws

RULE = """\
title: {{zh: 慢, en: Slow}}
decision: manual_review
message: {{zh: "“{{match}}”", en: "“{{match}}”"}}
why: {{zh: 测试, en: Test}}
fix: {{zh: 删去, en: Remove it}}
source: our own policy
check:
  kind: any
  of:
    - {{kind: pattern, pattern: "退订"}}
    - {{kind: pattern, pattern: "{pattern}"}}
{more}examples:
  flag: [{{body: "回T退订"}}]
  pass: [{{body: "您好"}}]
"""


def written(folder: Path, pattern: str, more: str = "") -> Path:
    path = folder / "own" / "slow.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(RULE.format(pattern=pattern, more=more), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("pattern", "english", "chinese"),
    [
        ("(a|a)*b", "takes exponential time", "耗时呈指数增长"),
        ("你(?:看看|看)+.{0,4}照", "takes exponential time", "耗时呈指数增长"),
        ("[0-9]+[0-9]+元", "time with the square of the text", "平方增长"),
    ],
)
def test_a_growing_pattern_is_refused_with_file_line_and_key(
    tmp_path: Path, pattern: str, english: str, chinese: str
) -> None:
    with pytest.raises(ContentError) as caught:
        Reviewer([written(tmp_path, pattern)])
    assert f"{tmp_path}/own/slow.yaml:11: check.of.1.pattern: " in caught.value.say("en")
    assert english in caught.value.say("en")
    assert "`trusted: true`" in caught.value.say("en")
    assert chinese in caught.value.say("zh")


def test_a_trusted_rule_loads_and_is_still_reported(tmp_path: Path) -> None:
    reviewer = Reviewer([written(tmp_path, "(a|a)*b", "trusted: true\n")])
    assert "own/slow" in {one.rule for one in reviewer.review(Submission(body="回T退订")).findings}
    assert [flaw.place for flaw in time_flaws(reviewer)] == ["own/slow: check.of.1.pattern"]


@pytest.mark.parametrize("pattern", ["(a|a)*b", "退订"])
def test_trusted_is_checked_at_every_start(pattern: str, tmp_path: Path) -> None:
    rules = written(tmp_path / "rules", pattern, "trusted: true\n")
    asked: list[Path] = []

    def refuse(path: Path) -> None:
        raise ContentError(f"{path.name}: no", f"{path.name}: 不行")

    for _ in range(2):  # the second start reads the cache
        Reviewer([rules], cache=tmp_path / "cache", check_trust=asked.append)
    assert asked == [rules / "own/slow.yaml"] * 2
    with pytest.raises(ContentError) as caught:
        Reviewer([rules], cache=tmp_path / "cache", check_trust=refuse)
    assert caught.value.say("en") == f"{rules}/own/slow.yaml:12: trusted: slow.yaml: no"
    assert caught.value.say("zh") == f"{rules}/own/slow.yaml:12: trusted: slow.yaml: 不行"


def test_a_rule_that_is_not_trusted_needs_no_check(tmp_path: Path) -> None:
    asked: list[Path] = []
    Reviewer([written(tmp_path, "退订", "trusted: false\n")], check_trust=asked.append)
    assert asked == []


def test_linear_patterns_load(tmp_path: Path) -> None:
    Reviewer([written(tmp_path, "退[订定].{0,8}回复[A-Z]")])


def test_no_shipped_pattern_is_reported(reviewer: Reviewer) -> None:
    assert list(time_flaws(reviewer)) == []
