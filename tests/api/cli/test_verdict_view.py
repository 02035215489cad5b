"""Verdicts as text: each reason with its position, its fix and its basis."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from smsvet import Decision, Fault, Finding, Submission, Verdict
from smsvet_api.cli.verdict_view import draw_summary, draw_unreadable, draw_verdict, field_text
from smsvet_api.files.rows import Unreadable


@pytest.mark.parametrize(
    ("params", "field", "text"),
    [
        (["小明", 23], "params.1", "小明"),
        (["小明", 23], "params.2", "23"),
        ({"code": None}, "params.code", "null"),
        ({"code": "1"}, "params.other", None),
        (["a"], "params.9", None),
    ],
)
def test_the_text_of_a_field_is_found(params: object, field: str, text: str | None) -> None:
    assert field_text(Submission(body="{1}", params=params), field) == text


def finding(
    decision: Decision, field: str | None, start: int | None, end: int | None, **more: str
) -> Finding:
    given = {"rule": "topic/name", "message": "说法", "fix": "改法", **more}
    return Finding(decision=decision, field=field, start=start, end=end, text=None, **given)  # type: ignore[arg-type]


def verdict(decision: Decision, *findings: Finding, faults: tuple[Fault, ...] = ()) -> Verdict:
    return Verdict("甲\x1b", "template", decision, "tencent", date(2018, 10, 9), findings, faults)


def drawn(submission: Submission, answer: Verdict, lang: str = "zh", width: int = 60) -> list[str]:
    return [line.plain for line in draw_verdict(submission, answer, "zh" if lang == "zh" else "en", width)]


def test_a_verdict_looks_like_a_compiler_error() -> None:
    wrong = finding(Decision.REJECT, "body", 2, 5, suggestion="您的{1}码", clause="条款", code="1014")
    doubt = finding(Decision.MANUAL_REVIEW, "body", 2, 5, rule="topic/other", suggestion="您的{1}码")
    advice = finding(Decision.APPROVE, None, None, None, rule="topic/advice")
    answer = verdict(Decision.REJECT, wrong, doubt, advice, faults=(Fault("topic/broken", "KeyError: 'x'"),))
    assert drawn(Submission(body="您的｛1｝码"), answer) == [
        "✗ 驳回  甲‹U+001B›  模板 · tencent · 2018-10-09",
        "  body │ 您的｛1｝码",
        "       │     ^^^^^ 1,2",
        "  1 驳回 topic/name",
        "    说法",
        "    修改: 改法",
        "    改后: 您的{1}码",
        "    依据: 条款 · 1014",
        "  2 人工复核 topic/other",
        "    说法",
        "    修改: 改法",
        "  · 提示 topic/advice: 说法",
        "  ! 规则故障 topic/broken: KeyError: 'x'",
    ]


def test_one_reason_needs_no_number() -> None:
    answer = verdict(Decision.REJECT, finding(Decision.REJECT, "params.1", 0, 2))
    lines = drawn(Submission(body="{1}", params=["链接"]), answer, "en")
    assert lines == [
        "✗ rejected  甲‹U+001B›  template · tencent · 2018-10-09",
        "  params.1 │ 链接",
        "           │ ^^^^",
        "  rejected topic/name",
        "    说法",
        "    fix: 改法",
    ]


def test_pieces_of_one_hit_are_all_underlined() -> None:
    split = Finding("topic/name", Decision.REJECT, "body", 0, 3, None, "说法", "改法", spans=((0, 1), (2, 3)))
    assert drawn(Submission(body="加x微"), verdict(Decision.REJECT, split))[2] == "       │ ^^ ^^"


def test_a_finding_without_a_span_has_no_excerpt() -> None:
    lines = drawn(
        Submission(body="您好"), verdict(Decision.REJECT, finding(Decision.REJECT, None, None, None))
    )
    assert lines[1:] == ["  驳回 topic/name", "    说法", "    修改: 改法"]


def test_an_approved_text_is_quoted() -> None:
    lines = drawn(Submission(signature="云雀科技", body="您好{1}", params=["甲"]), verdict(Decision.APPROVE))
    assert lines[1:] == ['  【云雀科技】您好{1} ← ["甲"]']


def test_the_summary_counts_decisions_and_unreadable_rows() -> None:
    lines = [line.plain for line in draw_unreadable(Unreadable(3, "不是 UTF-8", "甲"), "a.csv", "zh", 60)]
    assert lines == ["! 无法读取  甲  a.csv:3", "    不是 UTF-8"]
    counts = Counter({"approve": 2, "reject": 1, "unreadable": 1})
    last = list(draw_summary(counts, "abc", "zh", 60))[-1].plain
    assert last == "共 4 条  ✓ 通过 2  ? 人工复核 0  ✗ 驳回 1  ! 无法读取 1  规则版本 abc"
