"""Marked texts: every underline is below its text, in terminal columns, and every character is visible."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smsvet_api.cli.excerpt import Mark, cropped, excerpt, folded, readable


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
def test_underlines_are_below_their_text(text: str, marks: list[tuple[Any, ...]], drawn: str) -> None:
    assert picture(text, *marks) == drawn


def test_a_long_text_is_cropped_around_its_hits() -> None:
    text = "前" * 500 + "问题" + "后" * 500
    drawn = picture(text, (500, 502))
    assert "⋯" in drawn
    assert len(drawn) < 200
    (above, below) = next(pair for pair in pairwise(drawn.split("\n")) if "^" in pair[1])
    assert cell_len(above[: above.index("问题")]) == below.index("^")


def test_a_text_of_a_megabyte_is_rendered() -> None:
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
def test_wrapping_drops_only_blanks(text: str, width: int) -> None:
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
def test_invisible_characters_are_made_visible(text: str, width: int, shown: str) -> None:
    assert cropped(text, width) == shown
