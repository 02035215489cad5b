"""Text normalisation, and offset maps back to the submitted text."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet.text.fold import Folder
from tools import fold_table

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Folder.load(ROOT / "corpora" / "fold.tsv")
ANYTHING = st.text(st.characters())
TROUBLE = st.text("赌博貸款Ⓐ⑩㎡…ßİﷺ\u200b\ufe0f\u0301\u00a0\u3000\r\n\t\x1f\ud800😀🇨🅰a1")


def missing(reason: str) -> NoReturn:
    if os.environ.get("SMSVET_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)


def header(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("# unicode:", "# opencc:"))]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＱＱ１２３，加Ｖ：ａｂ", "qq123,加v:ab"),
        ("貸款賭博後臺", "贷款赌博后台"),
        ("VX vX Vx", "vx vx vx"),
        ("éøłŠÜıƀ", "eolsuib"),
        ("ßĲﬁ", "ssijfi"),
        ("ⒶⓐⒷ🅐🅰🄰🇦", "aabaaaa"),
        ("①⑴⒈❶➀➊⓵🄋⓪", "111111100"),
        ("⑩⓫㉑", "101121"),
        ("㈠㊀㊙🈲🉀", "一一秘禁本"),
        ("𝐀𝓫𝟙𝟗", "ab19"),
        ("Ⅷ㎡℃№", "viiim2°cno"),
        ("🆓🆗🆎", "🆓okab"),
        ("1️⃣3️⃣", "13"),
        ("赌\u200b博\u2060网\u00ad站\ufeff", "赌博网站"),
        ("赌\u202e博\u200f", "赌博"),
        ("赌\u0336博\u0301", "赌博"),
        ("赌\U000e0061博\U000e0100", "赌博"),
        ("赌\x00\x0b\x7f博", "赌博"),
        ("加\u00a0微\u3000信\u2003群\u2800x", "加 微 信 群 x"),
        ("一\r\n二\t三", "一\n二 三"),
        ("您的\x1f\x1f\x1f已发货", "您的\x1f\x1f\x1f已发货"),
        ("´¨￣", "´¨￣"),
        ("【签名】。、“”《》—·", "【签名】。、“”《》—·"),
        ("…", "..."),
        ("\ud800微信\udfff", "\ud800微信\udfff"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert FOLDER.fold(text)[0] == folded


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("贷款，ＱＱ", None),
        ("🅰🅱", None),
        ("赌\u200b博", (0, 2, 3)),
        ("㎡款", (0, 0, 1, 2)),
        ("\u200b\u200b", (2,)),
        ("㎡\u200b", (0, 0, 2)),
        ("😀\u200ba", (0, 2, 3)),
        ("", None),
    ],
)
def test_origins(text: str, origins: Sequence[int] | None) -> None:
    assert FOLDER.fold(text)[1] == origins


@given(ANYTHING | TROUBLE)
def test_normalisation_is_idempotent(text: str) -> None:
    folded, _ = FOLDER.fold(text)
    assert FOLDER.fold(folded) == (folded, None)


@given(ANYTHING | TROUBLE)
def test_every_normalised_code_point_comes_from_its_origin(text: str) -> None:
    folded, origins = FOLDER.fold(text)
    steps = [(char, offset) for offset, source in enumerate(text) for char in FOLDER.fold(source)[0]]
    assert folded == "".join(char for char, _ in steps)
    expected = (*(offset for _, offset in steps), len(text))
    assert (tuple(range(len(text) + 1)) if origins is None else tuple(origins)) == expected


def test_every_replacement_is_itself_normalised() -> None:
    for point, folded in list(FOLDER.table.items()):
        once = folded if isinstance(folded, str) else chr(folded)
        assert FOLDER.fold(once)[0] == once, f"U+{point:04X}"


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("赌\u200b\u200c博\ufeff", [(1, 3), (4, 5)]),
        ("\u00a0a\u2003b\u2800", [(0, 1), (2, 3), (4, 5)]),
        ("软\u00ad连", [(1, 2)]),
        ("❤\ufe0f", [(1, 2)]),
        ("好\ufe0f", [(1, 2)]),
        ("می\u200cرسد", []),
        ("क्\u200dष", []),
        ("加\u200d微", [(1, 2)]),
        ("👨\u200d👩", []),
        ("❤\ufe0f\u200d🔥", [(1, 2)]),
        ("好\ufe0f\u200d🔥", [(1, 3)]),
        ("می\u061c\u200cرسد", [(2, 4)]),
        ("\u061c\u200c\u061c", [(0, 3)]),
        ("a\u200b\u200db", [(1, 3)]),
        ("a\x00b", [(1, 2)]),
        ("全　角 半角\t制表\r\n行", []),
        ("e\u0301", []),
        ("\ud800", []),
    ],
)
def test_invisible(text: str, runs: list[tuple[int, int]]) -> None:
    assert FOLDER.invisible(text) == runs


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("您的訂單已發貨", [2, 3, 5, 6]),
        ("乾隆年间著名于於哪吒", []),
        ("之後", [1]),
        ("昇腾科技", []),
        ("您的订单已发货，ＡＢ①", []),
        ("\uf901\U0001f21a", []),
    ],
)
def test_traditional(text: str, offsets: list[int]) -> None:
    assert FOLDER.is_traditional(text) == offsets


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\x07", "U+0007 <control>"),
        ("\ud800", "U+D800 <surrogate>"),
        ("\ue000", "U+E000 <private use>"),
        ("\U000e0fff", "U+E0FFF <unassigned>"),
    ],
)
def test_name(char: str, name: str) -> None:
    assert FOLDER.name(char) == name


@pytest.mark.parametrize(
    "line", ["41", "41\t61", "xyz\t61\t", "41\t61\t\tq", "41\t110000\t", "110000\t110001 41\t"]
)
def test_a_wrong_line_is_an_error_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "fold.tsv"
    path.write_text(f"# header\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"fold\.tsv:2: "):
        Folder.load(path)


def test_a_table_without_flags_flags_nothing(tmp_path: Path) -> None:
    path = tmp_path / "fold.tsv"
    path.write_text("41\t61\t\nE0001\t\t\n", encoding="utf-8")
    folder = Folder.load(path)
    assert folder.fold("AB") == ("aB", None)
    assert folder.fold("A\U000e0001B") == ("aB", (0, 2, 3))
    assert folder.invisible("a\u200b") == []
    assert folder.is_traditional("訂") == []


def test_the_generator_writes_the_shipped_table() -> None:
    shipped = (ROOT / "corpora" / "fold.tsv").read_text(encoding="utf-8")
    if find_spec("opencc") is None:
        missing("opencc is not installed")
    if f"# unicode: {unicodedata.unidata_version}" not in header(shipped):
        missing(f"this Python has Unicode {unicodedata.unidata_version}")
    written = fold_table.table()
    if header(written) != header(shipped):
        missing("another release of opencc is installed")
    assert written == shipped


def test_the_fast_path_agrees_with_the_table() -> None:
    """Every code point between marks and capitals is normalised as in the table."""
    for point in range(0x10000):
        char = chr(point)
        expected = char.translate(FOLDER.table)
        assert FOLDER.fold(f"您，好{char}A：T")[0] == f"您,好{expected}a:t", hex(point)


def test_a_mark_outside_the_table_stays(tmp_path: Path) -> None:
    path = tmp_path / "fold.tsv"
    path.write_text("FF0C\t002C\t\nFF1A\t003A 003A\t\n0041\t0062\t\n0043\t0063\t\n", encoding="utf-8")
    folder = Folder.load(path)
    assert folder.fold("，：！ABＡ") == (",::！bBＡ", (0, 1, 1, 2, 3, 4, 5, 6))
    assert folder.fold("，！ABC") == (",！bBc", None)
    assert folder.fold("，！BC") == (",！Bc", None)
