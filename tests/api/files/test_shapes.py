"""Tables as people hold them: titles and notes, delimiters, encodings, workbooks, headings and words of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from smsvet_api.files.rows import Row, Unreadable

from .old_workbooks import write_ods, write_xls
from .reading import data, noted, rows, write_xlsx

BODY = "您的订单{1}已发货，请注意查收。"
READ = [{"body": BODY, "purpose": "notification"}]


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("a.tsv", f"模板内容\t类型\n{BODY}\t通知\n", "utf-8"),
        ("a.csv", f"模板内容;类型\n{BODY};通知\n", "utf-8-sig"),
        ("a.csv", f'"模板内容";"类型"\n"{BODY}";"通知"\n', "utf-8"),
        ("a.csv", f"模板内容|类型\n{BODY}|通知\n", "utf-8"),
        ("a.csv", f"sep=;\n模板内容;类型\n{BODY};通知\n", "utf-8-sig"),
        ("a.csv", f"sep=,\r\n模板内容,类型\r\n{BODY},通知\r\n", "gb18030"),
        ("a.csv", f"sep=\t\r\n模板内容\t类型\r\n{BODY}\t通知\r\n", "utf-8"),
        ("a.txt", f"模板内容\t类型\r\n{BODY}\t通知\r\n", "utf-16"),
        ("a.csv", f"模板内容\t类型\r\n{BODY}\t通知\r\n", "utf-16-le"),
        ("a.csv", f"模板内容,类型\r\n{BODY},通知\r\n", "utf-16-be"),
        ("a.xls", f"模板内容\t类型\n{BODY}\t通知\n", "gb18030"),
        ("a.csv", f"短信模板审核表,\n,\n模板内容,类型\n{BODY},通知\n", "utf-8"),
        ("a.csv", f"短信模板\n导出人：张三\n模板内容,类型\n{BODY},通知\n", "utf-8"),
        ("a.csv", f"# 导出时间：2026-11-28\n#\n模板内容,类型\n{BODY},通知\n", "utf-8"),
        ("a.csv", f"模板内容,类型\n,\n{BODY},通知\n,\n,\n", "utf-8"),
        ("a.csv", f"模板内容,类型\n模板内容,类型\n{BODY},通知\n模板内容,类型\n", "utf-8"),
        ("a.csv", f"Template Content,Template Type\n{BODY},notice\n", "utf-8"),
        ("a.csv", f"template_content,sms-type\n{BODY},2\n", "utf-8"),
        ("a.csv", f"TemplateContent,SmsType\n{BODY},NOTIFY_TYPE\n", "utf-8"),
        ("a.csv", f"content,type\n{BODY},transactional\n", "utf-8"),
        ("a.csv", f'"*模板\n内容（必填）","类型："\n{BODY},通知\n', "utf-8"),
        ("a.csv", f"範本內容,簡訊類型\n{BODY},通知\n", "utf-8"),
    ],
)
def test_texts_of_every_shape(name: str, text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    assert data(path) == READ


def test_big5_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("模板內容,類型,備註\r\n您的訂單已發貨，請注意查收。,通知,說明文字\r\n".encode("cp950"))
    (row,), notes = noted(path)
    assert notes == ["按 Big5 读取"]
    assert row == Row(
        2, {"body": "您的訂單已發貨，請注意查收。", "purpose": "notification", "remark": "說明文字"}
    )


@pytest.mark.parametrize("text", ["您的訂單已發貨，請注意查收。", "验证码", "囧囧", "Ä", "㐀㐁"])
def test_gb18030_is_not_taken_for_big5(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"模板内容,类型\n{text},通知\n".encode("gb18030"))
    assert data(path) == [{"body": text, "purpose": "notification"}]


TABLE: list[list[object]] = [
    ["审核表", None],
    [None, None],
    ["模板内容", "类型"],
    [BODY, "通知"],
    [None, None],
    [BODY, "通知"],
]
NOTES: list[list[object]] = [["填写说明"], ["请勿修改列名"]]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "xlsm"])
@pytest.mark.parametrize("named", ["", "xlsx", "csv", "xls"])
def test_the_sheet_that_has_the_headings_is_read(kind: str, named: str, tmp_path: Path) -> None:
    writers: dict[str, Any] = {"xls": write_xls, "ods": write_ods}
    write = writers.get(kind, write_xlsx)
    path = write(tmp_path / f"a.{named or kind}", {"说明": NOTES, "模板": TABLE})
    found, notes = noted(path)
    assert [row.line for row in found] == [4, 6]
    assert [row.data for row in found if isinstance(row, Row)] == READ * 2
    assert "工作表“模板”列名在第 3 行，其上 1 行未审核" in notes


def test_a_merged_title_and_a_hidden_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"列表": [["模板内容", "类型"], ["x", "通知"]], "模板": TABLE})
    book = openpyxl.load_workbook(path)
    book["列表"].sheet_state = "hidden"
    book["模板"].merge_cells("A1:B1")
    book.save(path)
    found, _ = noted(path)
    assert [row.data for row in found if isinstance(row, Row)] == READ * 2


def test_another_sheet_with_headings_is_named(tmp_path: Path) -> None:
    sheet: list[list[object]] = [["模板内容", "类型"], [BODY, "通知"]]
    _, notes = noted(write_xlsx(tmp_path / "a.xlsx", {"国内": sheet, "国际": sheet}))
    assert notes == ["只审核了工作表“国内”，另有：国际"]


def test_columns_that_are_not_ours_are_kept_and_named_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"模板名称,模板内容,审核状态,备注\n登录,{BODY},已通过,\n注册,{BODY},未通过,x\n", encoding="utf-8"
    )
    (first, second), notes = noted(path)
    assert notes == ["不是审核字段、原样保留的列：模板名称、审核状态"]
    assert list(first.cells.items()) == [
        ("模板名称", "登录"), ("模板内容", BODY), ("审核状态", "已通过"), ("备注", None),
    ]  # fmt: skip
    assert isinstance(second, Row)
    assert second.other == {"模板名称": "注册", "审核状态": "未通过"}
    assert second.data == {"body": BODY, "remark": "x"}


def test_a_row_with_an_error_keeps_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"编号,模板内容,类型,状态\n7,{BODY},促发,x\n", encoding="utf-8")
    (row,) = rows(path)
    assert isinstance(row, Unreadable)
    assert (row.id, row.cells) == ("7", {"编号": "7", "模板内容": BODY, "类型": "促发", "状态": "x"})
    assert (
        "purpose（类型）: 没有“促发”这个值；可用：验证码（verification）、通知（notification）、营销"
        in row.error
    )
