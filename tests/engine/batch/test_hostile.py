"""A batch leaves texts that are expensive to review to the review, instead of searching them twice."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from bench.speed.hostile import LENGTHS, REPEATED, texts
from smsvet import Reviewer, Submission
from smsvet.batch.sieve import Setting, is_worth_filtering

SEARCHES = ("hidden", "is_rewritten", "disguised_at")
"""Methods that search one text for disguised words."""

VARIED = [
    "".join(f"{char}加微信{number}领彩金" for number, char in enumerate("春夏秋冬东南西北天地")),
    " ".join(one + two for one, two in product(("wei", "jia", "dai", "kuan"), ("xin", "qun", "kai", "piao"))),
    "".join(f"{char}威新{char}" for char in "春夏秋冬东南西北天地玄黄宇宙洪荒日月盈昃"),
]
"""Texts without a repeated part: terms, words in pinyin, homophones."""


@pytest.fixture
def searched(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that receives the normalised text of each search for disguised words."""
    lexicon = reviewer.catalogue.reader.lexicon
    found: list[str] = []
    for owner, name in ((lexicon, "hidden"), *((lexicon.disguises, name) for name in SEARCHES[1:])):
        search = getattr(owner, name)

        def counted(folded: str, *more: object, search: Any = search) -> object:
            found.append(folded)
            return search(folded, *more)

        monkeypatch.setattr(owner, name, counted)
    return found


def clean(reviewer: Reviewer, bodies: list[str]) -> list[bool]:
    """Return which bodies the prefilter finds clean as notifications."""
    setting = Setting("tencent", reviewer.catalogue.released, "mainland", "notification")
    return reviewer.batch.sieve.clean(bodies, [setting] * len(bodies))


@pytest.mark.parametrize(("repeated", "length"), list(product(REPEATED, LENGTHS)))
def test_repeated_parts_are_not_searched_twice(
    reviewer: Reviewer, searched: list[str], repeated: str, length: int
) -> None:
    assert not any(clean(reviewer, texts(repeated, length, 3)))
    assert searched == []


@pytest.mark.parametrize("text", VARIED)
def test_varied_texts_are_not_searched_twice(reviewer: Reviewer, searched: list[str], text: str) -> None:
    assert is_worth_filtering(text)
    assert clean(reviewer, [text]) == [False]
    assert searched == []


def test_a_batch_reviews_each_hostile_text_once(reviewer: Reviewer, searched: list[str]) -> None:
    batch = [
        Submission(body=body, purpose="notification")
        for body in (*VARIED, *(text for part in REPEATED[:6] for text in texts(part, 490, 2)))
    ]
    verdicts = [reviewer.review(one) for one in batch]
    once, searched[:] = list(searched), []
    assert list(reviewer.review_many(batch)) == verdicts
    assert searched == once


def test_an_ordinary_text_is_searched_where_it_may_be_disguised(
    reviewer: Reviewer, searched: list[str]
) -> None:
    assert clean(reviewer, ["谢谢您的支持，订单已发货，请注意查收"]) == [True]
    assert searched
