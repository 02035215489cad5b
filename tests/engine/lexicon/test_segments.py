"""Parts combine inside a sentence or a bracket, never across the end of one, and in the order that an entry requires."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.files.content_files import ContentError
from smsvet.lexicon.combinations import NEAR, Piece, nearest
from smsvet.lexicon.entries import load_entries, parse_entry
from smsvet.lexicon.segments import Segments


@pytest.mark.parametrize(
    ("folded", "one", "other", "together"),
    [
        ("您的贷款合同,请登录网站下载", "贷款", "下载", True),
        ("您的贷款合同已更新。请登录网站下载", "贷款", "下载", False),
        ("您的贷款合同已更新;请登录网站下载", "贷款", "下载", False),
        # An advertisement writes ! for a comma.
        ("低息贷款当天放款!请登录网站下载", "贷款", "下载", True),
        # Chat ends fragments with a full stop.
        ("谁想看。私聊我免费发片", "想看", "私聊", True),
        ("长期大量收网卡。价高靠谱", "网卡", "价高", True),
        ("您在【平台商户】发生退款", "平台", "退款", False),
        ("您在【平台商户】发生退款", "您", "退款", True),
        ("奖励(含平台积分)已发放", "平台", "积分", True),
        ("奖励(含平台积分)已发放", "奖励", "发放", True),
        # A bracket around one character is a disguise, and one without an end is no bracket.
        ("代(开)各种发票", "开", "发票", True),
        ("代理(各种发票", "代理", "发票", True),
    ],
)
def test_segments_of_a_text(folded: str, one: str, other: str, together: bool) -> None:
    pieces = [[Piece(folded.index(word), folded.index(word) + len(word))] for word in (one, other)]
    assert bool(Segments(folded).divide(pieces)) is together


@given(st.text("贷款。;()【】ab\n", max_size=60))
def test_every_place_is_in_one_segment(folded: str) -> None:
    pieces = [Piece(place, place + 1) for place in range(len(folded))]
    divided = Segments(folded).divide([pieces])
    assert sorted(piece for (inside,) in divided for piece in inside) == pieces


def test_an_ordered_combination_needs_its_order() -> None:
    first, last = Piece(0, 2), Piece(5, 7)
    assert nearest([[first], [last]], ordered=True) == [(first, last)]
    assert nearest([[last], [first]], ordered=True) == []
    assert nearest([[last], [first]]) == [(first, last)]


def test_an_ordered_combination_reaches_from_part_to_part() -> None:
    far = [[Piece(0, 2)], [Piece(10, 12)], [Piece(12 + NEAR, 14 + NEAR)]]
    assert nearest(far, ordered=True)
    assert not nearest([*far[:2], [Piece(13 + NEAR, 14 + NEAR)]], ordered=True)


@pytest.mark.parametrize(
    ("term", "parts", "ordered"),
    [
        ("社保 & 停用|冻结", (("社保",), ("停用", "冻结")), False),
        ("社保 > 停用|冻结", (("社保",), ("停用", "冻结")), True),
    ],
)
def test_operators_of_an_entry(term: str, parts: tuple[tuple[str, ...], ...], ordered: bool) -> None:
    entry = parse_entry("phishing", term, "strong", "anywhere", "phishing.tsv:1")
    assert (entry.parts, entry.ordered) == (parts, ordered)


def test_a_family_excludes_its_words(tmp_path: Path) -> None:
    lines = "@物业\t物业|押金|许可|出入证\tfamily\n装修 & 优惠 !@物业\tstrong\tanywhere\n"
    (tmp_path / "decoration.tsv").write_text(lines, encoding="utf-8")
    (entry,) = load_entries(tmp_path, "terms")
    assert entry.excludes == ("物业", "押金", "许可", "出入证")
    assert entry.place == "terms/decoration.tsv:2"


def test_an_unknown_family_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "decoration.tsv").write_text("装修 !@物业\tstrong\tanywhere\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"decoration\.tsv:1: term: no family @物业"):
        load_entries(tmp_path, "terms")


def test_operators_are_not_mixed() -> None:
    with pytest.raises(ContentError, match="both & and >"):
        parse_entry("phishing", "社保 > 停用 & 登录", "strong", "anywhere", "phishing.tsv:1")
