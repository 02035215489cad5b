"""Candidates in equal windows of a text: judged once or one by one, the disguised words are the same."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet import Reviewer
from smsvet.evasion import detector
from smsvet.evasion.disguise import Hidden

PIECES = [
    "威❤信", "加V信", "代贝款", "贷 款", "dai kuan", "daik uan", "无抵*押", "贷款", "无抵押dk", "谒", "菠菜", "下注", "电业Ǆ致",
    "款贷押抵无", "无抵抵押", "贷{1}款", "\x1f", "以下注意", "威信", "附近约炮", "🔥", "。", "，", "a", "1", "@", " ", "的",
]  # fmt: skip


@st.composite
def repeated(draw: st.DrawFn) -> str:
    """Return a few pieces over and over, with others before, between and after them."""
    unit = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4)))
    edges = st.lists(st.sampled_from(PIECES), max_size=3).map("".join)
    parts = [unit * draw(st.integers(1, 25)) for _ in range(draw(st.integers(1, 3)))]
    return draw(edges) + draw(edges).join(parts) + draw(edges)


def hidden(reviewer: Reviewer, folded: str, many: int, monkeypatch: pytest.MonkeyPatch) -> list[Hidden]:
    reader = reviewer.catalogue.reader
    with monkeypatch.context() as patched:
        patched.setattr(detector, "MANY", many)
        return reader.lexicon.hidden(folded, reader.matcher.scan(folded))


@given(repeated())
@settings(max_examples=150, deadline=None)
def test_a_candidate_judged_once_for_a_window_has_the_result_of_each(reviewer: Reviewer, text: str) -> None:
    folded = reviewer.catalogue.reader.folder.plain(text)
    with pytest.MonkeyPatch.context() as patch:
        assert hidden(reviewer, folded, 0, patch) == hidden(reviewer, folded, sys.maxsize, patch)


@pytest.mark.parametrize("unit", ["威❤信", "代贝款，", "贷 款 ", "无抵押dk", "加V信。"])
def test_every_place_of_a_repeated_disguise_is_found(reviewer: Reviewer, unit: str) -> None:
    folded = reviewer.catalogue.reader.folder.plain(unit * 200)
    with pytest.MonkeyPatch.context() as patch:
        found = hidden(reviewer, folded, 0, patch)
        assert found == hidden(reviewer, folded, sys.maxsize, patch)
    assert len({start for _, start, _, _ in found}) >= 199
