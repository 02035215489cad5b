"""A batch gives the same verdicts as reviews one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsvet import Reviewer, Submission
from smsvet.files.location import CONTENT
from smsvet.model import Purpose
from smsvet.submission import SubmissionError
from smsvet.text.automaton import installed

ODD = [
    "", " ", "\n", "\x1e", "\x1f", "\ud800", "😀", "🉑", "…", "℃", "㈱", "\u200b", "驗證碼", "１３８", "①③⑧", "。", "，",
    "{1}", "{2}", "{3}", "{1}{2}", "｛1｝", "{", "}", "${code}", "【云雀科技】", "贷*款", "加 微 信", "抵押代贝款", "dai kuan",
    "wdy", "V信", "138-0013-8000", "一三八零零一三八零零零", "q123456", "t点cn/a", "t . c n", "www.example.com", "c0m",
    "天天", "谢谢", "12345678", "95588", "人中", "拒收请回复R", "a" * 30, "汉" * 30,
]  # fmt: skip


@cache
def labelled() -> tuple[str, ...]:
    """Return the shipped labelled bodies."""
    bodies = []
    for name in ("benign", "violating"):
        for line in (CONTENT / "corpora" / "labelled" / f"{name}.jsonl").read_text("utf-8").split("\n"):
            submission: dict[str, Any] = json.loads(line)["submission"] if line else {}
            bodies += [submission["body"]] if submission.get("body") else []
    return tuple(bodies)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a labelled body, part of one, or a mix of parts and unusual pieces."""
    body = draw(st.sampled_from(labelled()))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return body
    cut = draw(st.integers(0, len(body)))
    pieces = [body[:cut], draw(st.sampled_from(ODD)), body[cut:]]
    if kind > 1:
        pieces += draw(st.lists(st.sampled_from(ODD), max_size=4))
    return "".join(pieces[kind == 3 :])


BODIES = st.builds(
    Submission,
    id=st.none() | st.just("a"),
    body=texts(),
    signature=st.none() | st.none() | st.just("云雀科技"),
    purpose=st.sampled_from(("notification", "notification", "verification", "marketing", None)),
    provider=st.sampled_from(("tencent", "tencent", "aliyun", "huawei", "ucloud", "whatsapp", "dlt")),
    region=st.sampled_from(("mainland", "mainland", "international")),
    as_of=st.sampled_from((None, date(2018, 10, 9), date(2026, 11, 23))),
)


PURPOSES: tuple[Purpose, ...] = ("notification", "verification", "marketing")


@pytest.fixture(scope="module", params=installed())
def backed(request: pytest.FixtureRequest) -> Reviewer:
    """Return a reviewer for each matcher backend."""
    return Reviewer(backend=request.param)


@settings(max_examples=250)
@given(batch=st.lists(BODIES, min_size=1, max_size=8), lang=st.sampled_from(("zh", "en")))
def test_a_batch_equals_single_reviews(batch: list[Submission], lang: Any, backed: Reviewer) -> None:
    assert list(backed.review_many(batch, lang)) == [backed.review(one, lang) for one in batch]


def test_labelled_bodies_in_a_batch_equal_single_reviews(backed: Reviewer) -> None:
    for purpose in PURPOSES:
        batch = [Submission(body=body, purpose=purpose) for body in labelled()]
        assert list(backed.review_many(batch)) == [backed.review(one) for one in batch]


def test_a_table_equals_single_reviews(backed: Reviewer) -> None:
    table = pa.table({"body": list(labelled()), "purpose": ["notification"] * len(labelled())})
    found = backed.review_table(table).to_pylist()
    for row, body in zip(found, labelled(), strict=True):
        verdict = backed.review(Submission(body=body, purpose="notification"))
        assert row["decision"] == verdict.decision
        assert [(item["rule"], item["start"], item["end"]) for item in row["findings"]] == [
            (item.rule, item.start, item.end) for item in verdict.findings
        ]


def test_most_clean_bodies_skip_the_single_review(backed: Reviewer) -> None:
    """Otherwise the batch would save no time."""
    batch = [Submission(body=body, purpose="notification") for body in labelled()]
    clean = [one for one in batch if not backed.review(one).findings]
    settings = [backed.batch.setting_of(one) for one in clean]
    found = backed.batch.cleared([one.body for one in clean], settings)
    assert sum(setting is not None for setting in found) > len(clean) * 0.8


def test_a_batch_may_mix_providers_and_dates(backed: Reviewer) -> None:
    """One batch contains bodies for several providers and days."""
    batch = [
        Submission(body=body, purpose="notification", provider=provider, as_of=day)
        for number, body in enumerate(labelled()[:400])
        for provider in (("tencent", "aliyun"), ("huawei", "dlt"))[number % 2]
        for day in (date(2018, 10, 9), date(2026, 11, 23))
    ]
    assert list(backed.review_many(batch)) == [backed.review(one) for one in batch]


def test_verdicts_are_yielded_lazily(reviewer: Reviewer) -> None:
    """The batch reads only a few submissions ahead of the verdicts."""
    read: list[Submission] = []

    def arriving() -> Iterator[Submission]:
        while True:
            read.append(Submission(body="您的订单{1}已发货", purpose="notification"))
            yield read[-1]

    verdicts = reviewer.review_many(arriving())
    next(verdicts)
    assert len(read) == 16


def test_an_unknown_provider_raises_at_its_position(reviewer: Reviewer) -> None:
    batch = [Submission(body="您的订单{1}已发货"), Submission(body="a", provider="nobody")]
    verdicts = reviewer.review_many(batch)
    assert next(verdicts).provider == "tencent"
    with pytest.raises(SubmissionError, match=r"provider: .*nobody"):
        next(verdicts)


def test_clean_templates_without_an_id_share_one_verdict(reviewer: Reviewer) -> None:
    body = "您的订单已发货，请注意查收"
    batch = [
        Submission(body=body, purpose="notification"),
        Submission(body=body, purpose="notification"),
        Submission(body=body, purpose="notification", id="a"),
        Submission(body=body, purpose="notification", provider="aliyun"),
    ]
    one, same, named, other = reviewer.review_many(batch)
    assert one is same
    assert (named.id, other.provider) == ("a", "aliyun")
    assert [one, same, named, other] == [reviewer.review(item) for item in batch]
