"""Homophones of words: consistent separators, and results that do not depend on the cache."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet import Reviewer
from smsvet.evasion import homophones as soundalike
from smsvet.evasion.detector import Detector
from smsvet.evasion.disguise import Hidden
from smsvet.evasion.readings import AsWritten

TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                "贷款",
                "贷",
                "款",
                "代款",
                "袋款",
                "百家乐",
                "百家勒",
                "乐家百",
                "葡惊",
                "澳门",
                "验证码",
                "网贷",
                "发票",
            ),
            *("*", ",", "。", " ", "\x1f", "_", "~", "您的", "订单", "dk", "dai", "8", "门门", "家家"),
        ]
    ),
    max_size=14,
).map("".join)


def disguises_of(reviewer: Reviewer) -> Detector:
    disguises = reviewer.catalogue.reader.lexicon.disguises
    assert disguises is not None
    return disguises


def hidden(reviewer: Reviewer, folded: str) -> list[Hidden]:
    reader = reviewer.catalogue.reader
    return reader.lexicon.hidden(folded, reader.matcher.scan(folded))


def test_separators_are_ignored_in_readings_and_in_the_search(reviewer: Reviewer) -> None:
    disguises = disguises_of(reviewer)
    for point in (*range(0x10000), *range(0x1F000, 0x20400), 0xE0001, 0x10FFFF):
        char = chr(point)
        plain = AsWritten(f"贷{char}款", disguises._views)
        kept = disguises.key_of(char) != ""
        assert plain.reading == (f"贷{char}款" if kept else "贷款"), hex(point)
        assert plain.starts == (range(3) if kept else [0, 2]), hex(point)
        assert plain.breaks == ([3] if kept else [1, 2]), hex(point)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_shortcuts_do_not_change_the_result(reviewer: Reviewer, folded: str) -> None:
    known = hidden(reviewer, folded)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(soundalike, "CACHED_READINGS", 0)
        sounds = disguises_of(reviewer)._soundalikes
        patch.setattr(sounds, "_cached", {})
        patch.setattr(sounds, "_exact", set())
        assert hidden(reviewer, folded) == known
    assert hidden(reviewer, folded) == known


def test_a_word_is_disguised_only_if_a_sign_splits_it(
    reviewer: Reviewer,
) -> None:
    folded = "无抵押贷款,无抵押*贷~款"
    found = [(word, start, end) for word, start, end, _ in hidden(reviewer, folded)]
    assert ("无抵押贷款", 6, 13) in found
    assert all(start >= 6 for _, start, _ in found)
