"""Damaged and hostile files: an error that names the place, in bounded time and memory."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet_api.files import workbook_bounds
from smsvet_api.files.rows import InputError, Row

from .reading import error, rows

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:A9"/><sheetData>'
TAIL = "</sheetData></worksheet>"
TITLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>body</t></is></c></row>'
MEBIBYTE = 1 << 20


def workbook(path: Path, **parts: bytes) -> Path:
    """Write a workbook with some of its parts replaced; named without folder and extension."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("rows", 0)
    sheet.append(["body"])
    sheet.append(["您好"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for short, data in parts.items():
        name = SHEET if short == "sheet1" else f"xl/{short}.xml"
        contents[name] = data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return path


def sheet(rows_xml: str) -> bytes:
    return f"{HEAD}{TITLE}{rows_xml}{TAIL}".encode()


DAMAGED = [
    # the XML of the sheet, and what the error says
    (sheet("")[:-30], "已损坏"),
    (b"", "xlsx"),
    (b"not xml", "xlsx"),
    (HEAD.encode() + TITLE.encode() + b"<row></wrong>", "已损坏"),
    (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + sheet("<row><c><v>&b;</v></c></row>"),
        "不是工作簿的 XML",
    ),
    (sheet("").decode().encode("utf-16"), "不是工作簿的 XML"),
    (sheet('<row r="2"><c r="XFD2" t="n"><v>1</v></c></row>'), "第 2 行有 16384 列，最多 256 列"),
    (sheet('<row r="9999999999"><c r="A9" t="n"><v>1</v></c></row>'), "超过 1048576 行"),
    (sheet("<row/>" * 5_000)[:-30], "已损坏"),
    (sheet('<row r="x"><c r="A2"><v>1</v></c></row>'), "已损坏"),
    (sheet('<row r="2"><c r="A2" t="s"><v>99</v></c></row>'), "已损坏"),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "said"), DAMAGED)
def test_a_damaged_workbook_is_an_error(xml: bytes, said: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", sheet1=xml)
    with pytest.raises(InputError, match=r"a\.xlsx") as caught:
        rows(path)
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["workbook", "styles"])
def test_a_damaged_part_is_an_error(name: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", **{name: b"<a><b>"})
    with pytest.raises(InputError, match="不是 xlsx 工作簿"):
        rows(path)


def test_flipped_bytes_never_escape_as_another_error(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            rows(path)
        except InputError:
            continue


def test_a_cell_that_unpacks_to_a_gigabyte_is_refused_unread(tmp_path: Path) -> None:
    text = "a" * (64 * MEBIBYTE)
    path = workbook(
        tmp_path / "a.xlsx",
        sheet1=sheet(f'<row r="2"><c r="A2" t="inlineStr"><is><t>{text}</t></is></c></row>'),
    )
    assert path.stat().st_size < MEBIBYTE
    with pytest.raises(InputError, match="解压后超过压缩大小的 300 倍"):
        rows(path)


def test_a_cell_of_many_mebibytes_is_refused(tmp_path: Path) -> None:
    text = os.urandom(9 * MEBIBYTE).hex()
    path = workbook(
        tmp_path / "a.xlsx",
        sheet1=sheet(f'<row r="2"><c r="A2" t="inlineStr"><is><t>{text}</t></is></c></row>'),
    )
    with pytest.raises(InputError, match="有一个单元格超过 8 MiB"):
        rows(path)


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("MOST_CELLS", 1, "单元格或字符串超过 1 个"),
        ("MOST_SHEET", 100, "工作表解压后超过"),
        ("MOST_OTHER", 1000, "其他部分解压后超过"),
    ],
)
def test_large_workbooks_are_refused(
    limit: str, value: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx")
    assert len(rows(path)) == 1
    monkeypatch.setattr(workbook_bounds, limit, value)
    with pytest.raises(InputError, match=said):
        rows(path)


def test_a_large_ordinary_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    table = book.create_sheet()
    table.append(["id", "body", "purpose"])
    for _ in range(20_000):
        table.append(["1", "您的快递已到{1}，请尽快领取。", "notification"])
    book.save(tmp_path / "a.xlsx")
    assert len(rows(tmp_path / "a.xlsx")) == 20_000


def test_a_damaged_parquet_file_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"body": [str(number) * 50 for number in range(5000)]}), path, compression="gzip")
    data = bytearray(path.read_bytes())
    data[200:4000] = b"\xff" * 3800
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.parquet"):
        rows(path)


@pytest.mark.parametrize("before", [0, 10, 2000, 300_000])
def test_a_nul_in_a_csv_is_named_with_its_line(before: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"body\n" + b"hello\n" * before + b"a\0b\n")
    with pytest.raises(InputError, match=f"第 {before + 2} 行有 NUL 字节"):
        rows(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('body\na\n"open\nb\nc\n', 3),
        ('body,remark\na,b\n"two\nlines","open\nb\nc\n', 4),
        ('body\n"a ""quoted"" word\nb ""again""\n', 2),
        ('body\n"""open\nb\n', 2),
    ],
)
def test_a_quote_that_does_not_end_is_named_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert error(rows(path)[-1]) == f"不是合法的 CSV：第 {line} 行的双引号没有结束"


def test_an_open_quote_swallows_eight_mebibytes_at_most(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('body\nx\n"open\n' + "ordinary line\n" * 700_000, encoding="utf-8")
    answers = rows(path)
    assert error(answers[1]) == "不是合法的 CSV：第 3 行的双引号没有结束"
    assert isinstance(answers[-1], Row)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
@pytest.mark.parametrize("extension", ["json", "jsonl", "csv", "xlsx", "parquet"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_pipes_and_devices_are_refused(extension: str, make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / f"a.{extension}"
    make(path)
    with pytest.raises(InputError, match="不是普通文件"):
        rows(path)
