"""Verdicts as text: each reason with its position, its fix and its basis."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from rich.cells import cell_len

from smsvet import Decision, Fault, Finding, Submission, Verdict
from smsvet.files.cache import ContentCache
from smsvet.files.location import CONTENT
from smsvet.model import Lang
from smsvet.rules.sources import load_sources
from smsvet_api.cli.summary_view import draw_summary
from smsvet_api.cli.tally import Tally
from smsvet_api.cli.verdict_view import (
    draw_missing,
    draw_unreadable,
    draw_verdict,
    field_text,
    missing_facts,
)
from smsvet_api.files.rows import Unreadable

SOURCES = load_sources(CONTENT / "corpora" / "sources.yaml", ContentCache())


@pytest.mark.parametrize(
    ("params", "field", "text"),
    [
        (["小明", 23], "params.1", "小明"),
        (["小明", 23], "params.2", "23"),
        ({"code": None}, "params.code", "null"),
        ({"#code#": "1"}, "params.#code#", "1"),
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
    language: Lang = "zh" if lang == "zh" else "en"
    return [line.plain for line in draw_verdict(submission, answer, "腾讯云", SOURCES, language, width)]


def test_a_verdict_looks_like_a_compiler_error() -> None:
    wrong = finding(
        Decision.REJECT, "body", 2, 5, suggestion="您的{1}码", clause="条款", code="1014", title="全角花括号"
    )
    doubt = finding(Decision.MANUAL_REVIEW, "body", 2, 5, rule="topic/other", suggestion="您的{1}码")
    advice = finding(Decision.APPROVE, None, None, None, rule="topic/advice")
    answer = verdict(Decision.REJECT, wrong, doubt, advice, faults=(Fault("topic/broken", "KeyError: 'x'"),))
    assert drawn(Submission(body="您的｛1｝码"), answer) == [
        "✗ 驳回  甲‹U+001B›  模板 · 腾讯云 · 2018-10-09",
        "  正文 │ 您的｛1｝码",
        "       │     ^^^^^ 1,2",
        "  1 驳回 全角花括号 (topic/name)",
        "    说法",
        "    修改：改法",
        "    改后：您的{1}码",
        "    依据：条款 · 错误码 1014",
        "  2 人工复核 topic/other",
        "    说法",
        "    修改：改法",
        "  · 提示 topic/advice：说法",
        "  ! 规则故障 topic/broken：KeyError: 'x'",
    ]


def test_one_reason_needs_no_number() -> None:
    answer = verdict(Decision.REJECT, finding(Decision.REJECT, "params.1", 0, 2))
    lines = drawn(Submission(body="{1}", params=["链接"]), answer, "en")
    assert lines == [
        "✗ rejected  甲‹U+001B›  template · 腾讯云 · 2018-10-09",
        "  value 1 │ 链接",
        "          │ ^^^^",
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
    assert lines[1:] == ["  驳回 topic/name", "    说法", "    修改：改法"]


def test_the_source_of_a_rule_is_shown_once() -> None:
    same = [finding(Decision.REJECT, None, None, None, source="T-SIG") for _ in range(2)]
    lines = drawn(Submission(body="您好"), verdict(Decision.REJECT, *same))
    assert [line for line in lines if "来源" in line] == ["    来源：腾讯云：签名审核标准"]


def test_an_approved_text_is_quoted() -> None:
    lines = drawn(Submission(signature="云雀科技", body="您好{1}", params=["甲"]), verdict(Decision.APPROVE))
    assert lines[1:] == ['  【云雀科技】您好{1} ← ["甲"]']


def test_field_names_are_in_the_requested_language() -> None:
    answer = verdict(Decision.REJECT, finding(Decision.REJECT, "params.1", 0, 2))
    assert drawn(Submission(body="{1}", params=["链接"]), answer)[1] == "  变量值 1 │ 链接"
    answer = verdict(Decision.REJECT, finding(Decision.REJECT, "remark", 0, 2))
    assert drawn(Submission(body="您好", remark="说明"), answer)[1] == "  申请说明 │ 说明"


def test_a_long_title_wraps_under_itself() -> None:
    answer = verdict(Decision.REJECT, finding(Decision.REJECT, None, None, None, title="名" * 40))
    lines = drawn(Submission(body="您好"), answer, width=60)
    assert lines[1].startswith("  驳回 名")
    assert all(cell_len(line) <= 60 for line in lines)


MISSING = (
    finding(Decision.APPROVE, None, None, None, rule="signature/a", missing="account.name"),
    finding(Decision.APPROVE, "signature", 0, 2, rule="signature/b", missing="account.name"),
    finding(Decision.APPROVE, None, None, None, rule="signature/b", missing="documents"),
    finding(Decision.APPROVE, None, None, None, rule="topic/advice"),
)


def test_facts_that_were_not_supplied_are_one_line_and_no_advice() -> None:
    lines = drawn(Submission(signature="云雀"), verdict(Decision.APPROVE, *MISSING))
    assert lines[2:] == ["  · 提示 topic/advice：说法"]
    missing = missing_facts(MISSING)
    assert [line.plain for line in draw_missing(missing, "zh", 90)] == [
        "· 未提供：账号名称（account.name）、证明材料（documents）；提交后可多核对 2 条规则"
    ]
    assert [line.plain for line in draw_missing(missing, "en", 120)] == [
        "· Not supplied: account name (account.name), documents; with this, 2 more rules can be checked"
    ]
    assert list(draw_missing({}, "zh", 90)) == []


def test_the_summary_counts_decisions_and_unreadable_rows() -> None:
    lines = [line.plain for line in draw_unreadable(Unreadable(3, "不是 UTF-8", "甲"), "a.csv", "zh", 60)]
    assert lines == ["! 无法读取  甲  a.csv:3", "    不是 UTF-8"]
    tally = Tally()
    tally.decisions = Counter({"approve": 2, "reject": 1, "unreadable": 1})
    last = list(draw_summary(tally, "abc", "zh", 60))[-1].plain
    assert last == "共 4 条  ✓ 通过 2  ? 人工复核 0  ✗ 驳回 1  ! 无法读取 1  规则版本 abc"
