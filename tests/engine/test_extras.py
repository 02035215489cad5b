"""Without the extras, verdicts stay the same, and an error names the pip command."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from bench.generator import submissions
from smsvet import MissingExtraError, Reviewer, Submission, SubmissionError
from smsvet.text.automaton import build_automaton
from smsvet.text.segmenter import Segmenter


def remove(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """Make packages look as if they were not installed."""
    for package in packages:
        monkeypatch.setitem(sys.modules, package, None)


def test_without_numpy_the_verdicts_are_equal(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    given = list(submissions(600, reviewer.providers))
    expected = list(reviewer.review_many(given, "en"))
    remove(monkeypatch, "numpy")
    monkeypatch.setattr(Reviewer, "batch", property(lambda _: pytest.fail("the columns need numpy")))
    assert list(reviewer.review_many(iter(given), "en")) == expected
    assert len({verdict.decision for verdict in expected}) == 3


def test_without_numpy_an_unknown_provider_is_an_error_at_its_turn(
    reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove(monkeypatch, "numpy")
    verdicts = reviewer.review_many(
        [Submission(signature="通知"), Submission(body="您好", provider="skylark")]
    )
    assert next(verdicts).decision == "reject"
    with pytest.raises(SubmissionError, match="skylark"):
        next(verdicts)


@pytest.mark.parametrize("package", ["numpy", "pyarrow"])
def test_a_table_without_its_extra_names_the_command(
    reviewer: Reviewer, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove(monkeypatch, package)
    table: Any = None
    with pytest.raises(MissingExtraError) as caught:
        reviewer.review_table(table)
    assert (
        caught.value.say("en")
        == str(caught.value)
        == (f"Reviewing a table needs {package}, which is not installed: pip install 'smsvet[tables]'")
    )
    assert caught.value.say("zh") == f"审核表格需要 {package}，尚未安装：pip install 'smsvet[tables]'"


def test_a_backend_without_its_extra_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    remove(monkeypatch, "daachorse", "rjieba")
    with pytest.raises(MissingExtraError, match=r"daachorse.*smsvet\[fast\]"):
        build_automaton(["贷款"], "daachorse")
    with pytest.raises(MissingExtraError, match=r"rjieba.*smsvet\[fast\]"):
        Segmenter(backend="rjieba")
    assert [start for _, start, _ in build_automaton(["贷款"]).find("无抵押贷款")] == [3]
