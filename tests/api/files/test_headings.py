"""Headings: slips, other words, columns assigned by hand or without a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet_api.files.misspelling import misspelt
from smsvet_api.files.rows import InputError, Row

from .reading import error, noted, rows

BODY = "您的订单{1}已发货，请注意查收。"


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("模版内容", "模板内容"), ("摸板类型", "模板类型"), ("模板内荣", "模板内容"), ("短信类形", "短信类型"),
        ("模版", "模板"), ("手机号吗码", "手机号码"), ("signatrue", "signature"), ("purpouse", "purpose"),
        ("recipents", "recipients"), ("texts", "text"),
        ("模板名称", None), ("客户名称", None), ("审核时间", None), ("发送状态", None), ("公司简称", None), ("姓名", None),
        ("创建时间", None), ("签名状态", None), ("用户类型", None), ("状态", None), ("test", None), ("bdy", None), ("name", None),
        ("status", None), ("body", None), ("手机号码2", None), ("createtime", None), ("模板内容长度", None),
    ],
)  # fmt: skip
def test_a_slip_is_told_from_another_word(heading: str, name: str | None) -> None:
    names = ("模板", "模板内容", "模板类型", "短信类型", "手机号码", "账户名称", "账户类型", "发送时间", "签名", "公司名称",
             "审核日期", "签名来源", "body", "text", "signature", "purpose", "recipients")  # fmt: skip
    assert misspelt(heading, names) == name


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("模版内容,类型", "第 1 列：未知列“模版内容”，是否应为 body（模板内容）？是则改列名或加 --column body=模版内容，否则加 --column other=模版内容"),
        ("内容,模版类型", "第 2 列：未知列“模版类型”，是否应为 purpose（短信类型）？"),
        ("甲,乙,丙", "看到的列名：甲、乙、丙；列名不同时用 --column body=甲 指定"),
        ("Text of SMS,乙", "用 --column 'body=Text of SMS' 指定"),
        ("您的订单已发货，请查收,通知", "看到的列名：您的订单已发货，请查收、通知"),
        ("模板清单\n甲,乙,丙", "看到的列名：甲、乙、丙；"),
        ('"内容","类"型\n', "不是合法的 CSV"),
        ("签名,短信签名", "第 2 列“短信签名”：signature 已在前面的列给出；用 --column signature=列名 指定一列"),
        ("内容,模板内容", "第 1 列“内容”：body 已在前面的列给出"),
    ],
)  # fmt: skip
def test_doubtful_headings_are_asked_about(header: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{BODY},x\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        rows(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("header", "columns", "read"),
    [
        ("模版内容,类型", ["body=模版内容"], {"body": "甲", "purpose": "notification"}),
        ("短信模板,内容", ["body = 短信模板"], {"body": "甲"}),
        ("文字,内容,状态", ["other=内容", "body=文字"], {"body": "甲"}),
        ("Copy,状态", ["body=copy"], {"body": "甲"}),
        ("签名,所属公司", ["account.name=所属公司"], {"signature": "甲", "account": {"name": "通知"}}),
        ("模板,模板内容", [], {"body": "通知"}),
        ("类型,模板类型,内容", [], {"purpose": "notification", "body": "乙"}),
        ("备注,说明,内容", [], {"remark": "通知", "body": "乙"}),
        ("帐户名称,签名", [], {"account": {"name": "甲"}, "signature": "通知"}),
    ],
)
def test_columns_are_assigned(header: str, columns: list[str], read: object, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"{header}\n甲,通知,乙\n" if header.count(",") == 2 else f"{header}\n甲,通知\n", encoding="utf-8"
    )
    (row,), _ = noted(path, *columns)
    assert isinstance(row, Row), row
    assert row.data == read


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("body", "应写成 字段=列名"),
        ("=甲", "没有字段"),
        ("bdy=甲", "没有字段 bdy；可用：id, signature, body"),
        ("body=丙", "没有这一列；列名：甲、签名"),
    ],
)
def test_a_wrong_assignment_is_an_error(column: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("甲,签名\na,b\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        noted(path, column)


def test_json_takes_no_assignment(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"body": "a"}', encoding="utf-8")
    with pytest.raises(InputError, match="只用于表格"):
        noted(path, "body=甲")


def test_a_column_without_a_name_is_kept_unless_it_is_the_last(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("内容,,类型\na,x,通知\nb,x,通知,更多\n", encoding="utf-8")
    first, second = rows(path)
    assert isinstance(first, Row)
    assert first.other == {"第 2 列": "x"}
    assert "第 4 列没有列名却有内容" in error(second)
