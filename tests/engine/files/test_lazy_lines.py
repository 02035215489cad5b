"""Lazy lines behave like a list of parsed values; each line is parsed once, on first access."""

from __future__ import annotations

import pytest

from smsvet.files.lazy_lines import LazyLines
from smsvet.text.lookup import Lookup


@pytest.mark.parametrize(
    ("lines", "more", "expected"),
    [
        ([], [], []),
        (["1", "2"], [], [1, 2]),
        (["1", "2"], [7, 8], [1, 2, 7, 8]),
        ([], [7], [7]),
    ],
)
def test_lines_behave_like_a_list(lines: list[str], more: list[int], expected: list[int]) -> None:
    found = LazyLines(lines, int, more)
    assert list(found) == expected
    assert len(found) == len(expected)
    assert found[:] == expected
    assert found[1:3] == expected[1:3]
    assert [found[place - len(expected)] for place in range(len(expected))] == expected
    with pytest.raises(IndexError):
        _ = found[len(expected)]


def test_only_accessed_lines_are_parsed() -> None:
    parsed: list[str] = []

    def read(line: str) -> str:
        parsed.append(line)
        return line.upper()

    found = LazyLines(["a", "b", "c"], read)
    assert (found[1], found[1], found[-1]) == ("B", "B", "C")
    assert parsed == ["b", "c"]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ([], "赌博", []),
        (["赌博", "博"], "", []),
        (["赌博", "博", "网络赌博平台"], "赌博", [(0, 0, 2), (1, 1, 2)]),
        (["a", "aa"], "aa", [(0, 0, 1), (1, 0, 2), (0, 1, 2)]),
    ],
)
def test_lookups(words: list[str], text: str, expected: list[tuple[int, int, int]]) -> None:
    assert list(Lookup({word: number for number, word in enumerate(words)}).matches(text)) == expected
