"""Pictures of verdicts: every underline under its text, in terminal columns, and nothing unseen."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smsvet import Decision, Fault, Finding, Submission, Verdict
from smsvet_api.cli.excerpt import Mark, cropped, excerpt, folded, readable
from smsvet_api.cli.verdict_view import draw_summary, draw_unreadable, draw_verdict, field_text
from smsvet_api.files.inputs import Unreadable


def picture(text: str, *marks: tuple[Any, ...], width: int = 40) -> str:
    return "\n".join(line.plain.rstrip() for line in excerpt(text, [Mark(*mark) for mark in marks], width))


@pytest.mark.parametrize(
    ("text", "marks", "drawn"),
    [
        ("abc", [(1, 2)], "abc\n ^"),
        ("您的｛1｝码", [(2, 5)], "您的｛1｝码\n    ^^^^^"),
        (
            "您的{1}和{2}",
            [(2, 5, "1"), (6, 9, "2")],
            "您的{1}和{2}\n    ^^^ 1^^^ 2".replace("1^^^", "1\n         ^^^"),
        ),
        ("甲{1}乙丙丁{2}", [(1, 4, "1"), (7, 10, "2")], "甲{1}乙丙丁{2}\n  ^^^ 1    ^^^ 2"),
        ("您好", [(0, 2, "1"), (0, 1, "2"), (1, 2, "3")], "您好\n^^ 2\n^^^^ 1\n  ^^ 3"),
        ("a\u200bb", [(1, 2)], "a‹U+200B›b\n ^^^^^^^^"),
        ("加 微 信 a b", [(0, 5)], "加␣微␣信 a b\n^^^^^^^^"),
        ("甲\n乙丙", [(2, 3)], "甲⏎\n乙丙\n^^"),
        ("甲乙", [(2, 2)], "甲乙\n    ^"),
        ("e\u0301x", [(1, 2)], "e\u0301x\n^"),
        ("一\r二", [(1, 2)], "一‹CR›二\n  ^^^^"),
        ("", [(0, 0)], "\n^"),
    ],
)
def test_underlines_stand_under_their_text(text: str, marks: list[tuple[Any, ...]], drawn: str) -> None:
    assert picture(text, *marks) == drawn


def test_a_long_text_is_shown_round_its_hits() -> None:
    text = "前" * 500 + "问题" + "后" * 500
    drawn = picture(text, (500, 502))
    assert "⋯" in drawn
    assert len(drawn) < 200
    (above, below) = next(pair for pair in pairwise(drawn.split("\n")) if "^" in pair[1])
    assert cell_len(above[: above.index("问题")]) == below.index("^")


def test_a_text_of_a_megabyte_is_drawn() -> None:
    drawn = picture("字" * 350_000, (0, 350_000), (349_990, 349_995, "1"))
    assert len(drawn) < 2000


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300), st.integers(20, 80))
def test_no_line_is_wider_than_the_terminal(text: str, start: int, size: int, width: int) -> None:
    start = min(start, len(text))
    mark = Mark(start, min(len(text), start + size), "1")
    for line in excerpt(text, [mark], width):
        assert cell_len(line.plain.rstrip(" 1")) <= width
        assert not any(character in line.plain for character in "\x1b\n\r\u200b\u202e")


@given(st.text(max_size=200), st.integers(10, 60))
def test_folding_loses_nothing_but_blanks(text: str, width: int) -> None:
    lines = folded(text, width)
    assert "".join(lines).replace(" ", "") == readable(text).replace(" ", "")
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("您好", 10, "您好"),
        ("您好世界", 6, "您好…"),
        ("\x1b[31m红", 20, "‹U+001B›[31m红"),
        ("a\u202eb", 20, "a‹U+202E›b"),
        ("全\u3000角", 20, "全‹U+3000›角"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, width: int, shown: str) -> None:
    assert cropped(text, width) == shown


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
def test_a_value_is_found_by_its_field(params: object, field: str, text: str | None) -> None:
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


def test_a_verdict_is_drawn_like_a_compilers_error() -> None:
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


def test_a_finding_without_a_place_has_no_excerpt() -> None:
    lines = drawn(
        Submission(body="您好"), verdict(Decision.REJECT, finding(Decision.REJECT, None, None, None))
    )
    assert lines[1:] == ["  驳回 topic/name", "    说法", "    修改: 改法"]


def test_an_approved_text_is_quoted() -> None:
    lines = drawn(Submission(signature="云雀科技", body="您好{1}", params=["甲"]), verdict(Decision.APPROVE))
    assert lines[1:] == ['  【云雀科技】您好{1} ← ["甲"]']


def test_unreadable_lines_and_the_summary_say_how_many() -> None:
    lines = [line.plain for line in draw_unreadable(Unreadable(3, "不是 UTF-8", "甲"), "a.csv", "zh", 60)]
    assert lines == ["! 无法读取  甲  a.csv:3", "    不是 UTF-8"]
    counts = Counter({"approve": 2, "reject": 1, "unreadable": 1})
    last = list(draw_summary(counts, "abc", "zh", 60))[-1].plain
    assert last == "共 4 条  ✓ 通过 2  ? 人工复核 0  ✗ 驳回 1  ! 无法读取 1  规则版本 abc"
