"""Facts about a text's length: counted in its beginning where that suffices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.rules.facts import BARE, BRIEF, count_chinese


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc 123", 0),
        ("您好", 2),
        ("您好,验证码1234", 5),
        ("您\x1f\x1f好", 2),
        ("のカ한", 0),
        ("㐀鿿", 2),
    ],
)
def test_only_chinese_characters_count(text: str, count: int) -> None:
    assert count_chinese(text, BRIEF) == count


@given(text=st.text("您好a1,。 ", max_size=120), enough=st.integers(BARE, BRIEF))
def test_a_count_is_exact_below_the_bound(text: str, enough: int) -> None:
    whole = sum(char in "您好" for char in text)
    found = count_chinese(text, enough)
    assert found == whole or whole >= found >= enough
