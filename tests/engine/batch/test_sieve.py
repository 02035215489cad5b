"""The steps of the batch prefilter: each keeps every text with a possible finding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.generator import templates
from smsvet import Reviewer
from smsvet.batch.contacts import ContactCandidates
from smsvet.batch.joined import FoldTable, JoinedTexts, to_text
from smsvet.batch.placeholders import PlaceholderReader
from smsvet.batch.sieve import Setting
from smsvet.evasion.contacts import may_hide_contact
from smsvet.evasion.links import may_hide_link
from smsvet.text.contacts import may_have_contact
from smsvet.text.links import may_have_link

LEADS = ContactCandidates()

LEADING = [
    "请拨打12345", "请拨打95588", "致电 6688 9900", "致电66889900", "编号66889900", "13800138000", "138-0013-8000",
    "110", "拨打110", "一三八零零一三八零零零", "qq123456", "口口123456", "加口12345", "球球12345678", "检票口12345",
    "12345口", "微信abc123", "加v13800138000", "a@b.cn", "群号12345678", "t.cn", "t.cn/a", "t点cn", "10点30", "w w w . a . c n",
    "c0m", "a❤b", "1。cn", "http:", "//", "/\x1f", "dot", "·", "q1w2e3", "3.5", "云.公司", "企 鹅12345", "秋秋1 2 3 4 5",
]  # fmt: skip
PIECES = st.sampled_from(
    [*LEADING, "，", "。", " ", "号", "请", "电话", "1", "2", "a", ".", "-", "\x1f", "口", "加", "微"]
)


def leads(texts: list[str]) -> list[bool]:
    """Return which normalised texts may have a link or contact, computed together."""
    joined = JoinedTexts(texts)
    holes = np.array(["\x1f" in text for text in texts])
    found: list[bool] = LEADS.rows(joined, joined.points, holes).tolist()
    return found


def leads_one_by_one(text: str) -> bool:
    """Return whether a normalised text may have a link or contact, computed by itself."""
    return (
        may_have_link(text, "\x1f" in text)
        or may_hide_link(text)
        or may_have_contact(text)
        or may_hide_contact(text)
    )


def test_batched_leads_equal_single_ones() -> None:
    assert leads(LEADING) == [leads_one_by_one(text) for text in LEADING]
    assert 20 < sum(leads(LEADING)) < len(LEADING)


@given(st.lists(st.lists(PIECES, max_size=6).map("".join), min_size=1, max_size=4))
def test_batched_leads_equal_single_ones_for_any_texts(texts: list[str]) -> None:
    assert leads(texts) == [leads_one_by_one(text) for text in texts]


BODIES = st.text("您的码{}1234567890a字，。(x）[$#_*<>@％Ｘ￥ \n", max_size=24)


@given(
    bodies=st.lists(BODIES, min_size=1, max_size=5), provider=st.sampled_from(("tencent", "aliyun", "huawei"))
)
def test_placeholders_are_those_of_the_parser(reviewer: Reviewer, bodies: list[str], provider: str) -> None:
    parser = reviewer.catalogue.reader.parser
    joined = JoinedTexts(bodies)
    holes = PlaceholderReader(parser).read(joined, [provider] * len(bodies))
    texts, first, last = (column.tolist() for column in holes.spans)
    starts = joined.starts.tolist()
    for number, body in enumerate(bodies):
        parsed = parser.read(body, provider)
        if holes.unsure[number]:
            continue
        spans = [
            (begin - starts[number], end - starts[number])
            for text, begin, end in zip(texts, first, last, strict=True)
            if text == number
        ]
        assert not parsed.problems
        assert spans == [(hole.span.start, hole.span.end) for hole in parsed.placeholders]


@given(st.lists(st.text(st.characters(exclude_characters="\x1e"), max_size=8), min_size=1, max_size=4))
def test_texts_without_special_characters_are_normalised_like_single_ones(
    reviewer: Reviewer, texts: list[str]
) -> None:
    folder = reviewer.catalogue.reader.folder
    table, joined = FoldTable(folder), JoinedTexts(texts)
    nothing = np.zeros(0, np.int64)
    folded = to_text(table.fold(joined, (nothing, nothing, nothing)))
    for odd, text, start, end in zip(
        table.unsupported(joined).tolist(), texts, joined.starts.tolist(), joined.ends.tolist(), strict=True
    ):
        assert odd or folder.fold(text) == (folded[start:end], None)


@pytest.mark.parametrize(
    "text", ["", "您的订单已发货，请注意查收", "您预约的车位已保留，请按时到达停车场入口"]
)
def test_a_clean_body_stays_clean_in_any_batch(reviewer: Reviewer, text: str) -> None:
    setting = Setting("tencent", reviewer.catalogue.released, "mainland", "notification")
    others = ["加微信领取内部资料", "\ud800", "\x1e\x1e", "𠮷", "。" * 4000, "您的编号是{{1}", ""]
    alone = reviewer.batch.sieve.clean([text], [setting])
    beside = reviewer.batch.sieve.clean([*others, text, *others], [setting] * (2 * len(others) + 1))
    assert alone == [beside[len(others)]] == [bool(text)]
    assert not any([*beside[: len(others)], *beside[len(others) + 1 :]])


def test_more_texts_than_one_chunk(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsvet.batch.sieve.TEXTS", 2)
    setting = Setting("tencent", reviewer.catalogue.released, "mainland", "notification")
    bodies = ["您的订单已发货，请注意查收", "代开发票加微信", "您的车位已保留，请按时到达停车场"] * 3
    marketing = setting._replace(purpose="marketing")
    settings = [marketing if number % 4 == 3 else setting for number in range(9)]
    assert reviewer.batch.sieve.clean(bodies, settings) == [
        reviewer.batch.sieve.clean([body], [one])[0] for body, one in zip(bodies, settings, strict=True)
    ]


def test_most_ordinary_templates_are_cleared(reviewer: Reviewer) -> None:
    """One rule without anchors, whose pattern may match any text, sends every body to the full review."""
    bodies = list(templates(400, 0.0))
    setting = reviewer.batch.setting("tencent", None, None, "notification")
    assert setting is not None
    clean = reviewer.batch.sieve.clean(bodies, [setting] * len(bodies))
    assert sum(clean) > 0.75 * len(bodies)
