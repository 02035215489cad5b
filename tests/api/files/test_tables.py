"""CSV, workbooks and Parquet: encodings, column names, cells, and errors of rows and headers."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet.labels import FIELDS
from smsvet.model import Lang
from smsvet_api.files.headings import Found, Sheet, read_headings
from smsvet_api.files.inputs import read_rows
from smsvet_api.files.rows import InputError, Reading, Row, Unreadable
from smsvet_api.files.text_encoding import text_encoding

from .reading import data, error, rows

CHINESE = "编号,供应商,客户业务类型,短信签名,模板内容,参数,申请说明,账户类型,公司名称,备案域名\n"
CELLS = '7,腾讯云,验证码类,云雀,"您好，{1}\r\n请查收 ","[""1"", 2]",说明,企业认证,云雀公司,a.cn、b.cn\n'
READ = {
    "id": "7",
    "provider": "tencent",
    "purpose": "verification",
    "signature": "云雀",
    "body": "您好，{1}\r\n请查收 ",
    "params": ["1", 2],
    "remark": "说明",
    "account": {"type": "enterprise", "name": "云雀公司", "icp_domains": ["a.cn", "b.cn"]},
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_common_encodings_and_with_chinese_columns(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "提交.csv"
    path.write_bytes((CHINESE + CELLS).encode(encoding))
    assert data(path) == [READ]


@pytest.mark.parametrize(
    ("cell", "purpose"),
    [
        ("验证码", "verification"), ("验证码短信", "verification"), ("通知类", "notification"),
        ("行业通知", "notification"), ("营销短信", "marketing"), ("推广", "marketing"), ("Marketing", "marketing"),
    ],
)  # fmt: skip
def test_purposes_have_chinese_names(tmp_path: Path, cell: str, purpose: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"内容,类型\n您好,{cell}\n", encoding="utf-8")
    assert data(path) == [{"body": "您好", "purpose": purpose}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("内容,模版类型\n", "第 2 列：未知列“模版类型”，是否应为 purpose（短信类型）"),
        ("bodi,remark\n", "（是否应为“body”？）"),
        ("remark,purpose\n", "缺少列：signature（签名）、body（模板内容）、text"),
        ("模板内容,内容\n", "第 2 列“内容”：body 已在前面的列给出"),
        ("", "没有任何提交，文件是空的"),
        ("body\n", "没有任何提交，文件是空的"),
    ],
)
def test_a_wrong_header_names_the_column(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv") as caught:
        rows(path)
    assert expected in str(caught.value)


def test_wrong_rows_do_not_affect_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,body,params\n1,a,\n2,b,{1}\n,,\n3,c,,extra\n4,"d"x,\n5,e\n,,\n', encoding="utf-8")
    answers = rows(path)
    assert [row.line for row in answers] == [2, 3, 5, 6, 7]
    assert answers[0] == Row(2, {"id": "1", "body": "a"})
    assert isinstance(answers[1], Unreadable)
    assert answers[1].id == "2"
    assert "params: 不是合法的 JSON" in error(answers[1])
    assert "第 4 列没有列名却有内容" in error(answers[2])
    assert "结束的双引号后应为逗号" in error(answers[3])
    assert answers[4] == Row(7, {"id": "5", "body": "e"})


def test_an_unterminated_csv_quote_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('body\n"never\nends\n', encoding="utf-8")
    (answer,) = rows(path)
    assert answer.line == 2
    assert "双引号没有结束" in error(answer)


def test_one_broken_byte_does_not_turn_utf8_into_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,body\n1,您好世界\n2,坏".encode() + b"\xff\n3,\xe5\xa5\xbd\n")
    first, second, third = rows(path)
    assert (first, third) == (Row(2, {"id": "1", "body": "您好世界"}), Row(4, {"id": "3", "body": "好"}))
    assert error(second) == "body: 不是 UTF-8（字节 0xFF）"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"body\na\0b\n", "请另存为 UTF-8 的 CSV"),
        (b"body\n\xff\xff\xff\n", "既不是 UTF-8，也不是 GB18030"),
    ],
)
def test_files_that_are_not_csv_text_are_refused(tmp_path: Path, raw: bytes, expected: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=expected):
        text_encoding(path, "zh")


def workbook(path: Path, table: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table:
        sheet.append(row)
    book.save(path)


def test_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    table: list[list[object]] = [
        ["编号", "模板内容（必填）", "审核日期", "参数", None],
        [7, "您好", datetime(2018, 10, 9, tzinfo=None), '["1"]', None],  # noqa: DTZ001 - workbooks have no time zones
        [None, None, None, None, None],
        [8.0, 123, None, None, None],
        [None, " ", None, None, None],
    ]
    workbook(path, table)
    first, second = rows(path)
    assert first == Row(2, {"id": "7", "body": "您好", "as_of": "2018-10-09", "params": ["1"]})
    assert second == Row(4, {"id": "8", "body": "123"})


def test_parquet_with_nested_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "id": [1, 2],
            "body": ["您好{1}", None],
            "signature": [None, "云雀"],
            "params": [["甲"], None],
            "account": [{"type": "enterprise", "name": None}, None],
            "as_of": [date(2018, 10, 9), None],
        }
    )
    pq.write_table(table, path)
    assert data(path) == [
        {
            "id": "1",
            "body": "您好{1}",
            "params": ["甲"],
            "account": {"type": "enterprise"},
            "as_of": "2018-10-09",
        },
        {"id": "2", "signature": "云雀"},
    ]


@pytest.mark.parametrize(
    ("name", "package", "lang", "said"),
    [
        ("a.parquet", "pyarrow", "zh", "：读取 Parquet 需要 pyarrow，尚未安装：pip install 'smsvet[tables]'"),
        (
            "a.parquet",
            "pyarrow",
            "en",
            ": Reading Parquet needs pyarrow, which is not installed: pip install 'smsvet[tables]'",
        ),
        ("a.XLSX", "openpyxl", "zh", "：读取 xlsx 需要 openpyxl，尚未安装：pip install 'smsvet[tables]'"),
        (
            "a.XLSX",
            "openpyxl",
            "en",
            ": Reading xlsx needs openpyxl, which is not installed: pip install 'smsvet[tables]'",
        ),
    ],
)
def test_a_format_whose_package_is_missing_names_the_command(
    tmp_path: Path, name: str, package: str, lang: Lang, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.touch()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError) as caught:
        list(read_rows(str(path), lang, {}))
    assert str(caught.value) == f"{path}{said}"


def test_csv_needs_no_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("pyarrow", "openpyxl", "numpy"):
        monkeypatch.setitem(sys.modules, package, None)
    path = tmp_path / "a.csv"
    path.write_text("模板内容\n您好\n", encoding="utf-8")
    assert data(path) == [{"body": "您好"}]


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "account"])
def test_the_chinese_name_of_a_field_is_a_heading(field: str) -> None:
    headings = ["正文", FIELDS[field][0]] if field != "body" else ["正文"]
    found = Found(Sheet("", lambda: iter(())), 1, tuple(headings), (True, 2))
    assert field in read_headings(found, Reading("a.csv", "zh")).fields
