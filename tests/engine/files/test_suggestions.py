"""Suggestions for an unknown name."""

from __future__ import annotations

import pytest

from smsvet.files.suggestions import did_you_mean, suggestions

KNOWN = ["template/full-width-braces", "template/newline", "signature/neutral", "signature/length"]
TITLES = {"全角花括号": "template/full-width-braces", "中性化签名": "signature/neutral"}


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("signature/neutrl", "signature/neutral"),
        ("Template/Newline", "template/newline"),
        ("newline", "template/newline"),
        ("全角花括号", "template/full-width-braces"),
        ("花括号", "template/full-width-braces"),
        ("中性化", "signature/neutral"),
    ],
)
def test_the_best_suggestion(name: str, first: str) -> None:
    assert suggestions(name, KNOWN, TITLES)[0] == first


@pytest.mark.parametrize("name", ["", "zzz", "赌博", "花"])
def test_nothing_is_near(name: str) -> None:
    assert suggestions(name, KNOWN, TITLES) == []


def test_at_most_three() -> None:
    assert len(suggestions("length", [f"length{number}" for number in range(10)])) == 3


def test_a_question_in_two_languages() -> None:
    assert did_you_mean(["a", "b"]) == ("; did you mean a, b?", "；是否为 a、b？")
    assert did_you_mean([]) == ("", "")
