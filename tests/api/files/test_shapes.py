"""Tables as people hold them: titles and notes, delimiters, encodings, workbooks, headings and words of others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsvet_api.files import opendocument_bounds, workbooks
from smsvet_api.files.inputs import read_rows
from smsvet_api.files.misspelling import misspelt
from smsvet_api.files.rows import InputError, Row, Unreadable

from .old_workbooks import write_ods, write_xls
from .reading import PROVIDERS, data, error, rows

BODY = "您的订单{1}已发货，请注意查收。"
READ = [{"body": BODY, "purpose": "notification"}]


def noted(path: Path, *columns: str, provider: str | None = None) -> tuple[list[Row | Unreadable], list[str]]:
    """Return the rows of a file, and what was noted about it."""
    notes: list[str] = []
    found = read_rows(str(path), "zh", PROVIDERS, provider=provider, columns=columns, note=notes.append)
    return list(found), [note.removeprefix(f"{path}：") for note in notes]


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("a.tsv", f"模板内容\t类型\n{BODY}\t通知\n", "utf-8"),
        ("a.csv", f"模板内容;类型\n{BODY};通知\n", "utf-8-sig"),
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
    expected = [{**one, "provider": "tencent"} for one in READ] if "SmsType" in text else READ
    assert data(path) == expected


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


TABLE = [["审核表", None], [None, None], ["模板内容", "类型"], [BODY, "通知"], [None, None], [BODY, "通知"]]
NOTES = [["填写说明"], ["请勿修改列名"]]


def write_xlsx(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "xlsm"])
@pytest.mark.parametrize("named", ["", "xlsx", "csv", "xls"])
def test_the_sheet_that_has_the_headings_is_read(kind: str, named: str, tmp_path: Path) -> None:
    write = {"xls": write_xls, "ods": write_ods}.get(kind, write_xlsx)
    path = write(tmp_path / f"a.{named or kind}", {"说明": NOTES, "模板": TABLE})  # type: ignore[operator]
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
        ("您的订单已发货，请查收,通知", "看到的列名：您的订单已发货，请查收、通知"),
        ("签名,短信签名", "第 2 列“短信签名”：signature 已在前面的列给出；用 --column signature=列名 指定一列"),
        ("内容,模板内容", "第 1 列“内容”：body 已在前面的列给出"),
    ],
)  # fmt: skip
def test_doubtful_headings_are_asked_about(header: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{BODY},x,y\n", encoding="utf-8")
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


@pytest.mark.parametrize(
    ("provider", "word", "read"),
    [
        (None, "短信通知", {"purpose": "notification"}), (None, "通知短信", {"purpose": "notification"}),
        (None, "行业", {}), (None, "行业短信", {}), (None, "触发", {}), (None, "普通短信", {}), (None, "普通", {}),
        (None, "验证码、通知", {}), (None, "会销", {"purpose": "marketing"}), (None, "会员营销短信", {"purpose": "marketing"}),
        (None, "推广短信", {"purpose": "marketing"}), (None, "VERIFY_CODE_TYPE", {"purpose": "verification"}),
        (None, "NOTIFY_TYPE", {"purpose": "notification"}), (None, "PROMOTION_TYPE", {"purpose": "marketing"}),
        (None, "CommonVcode", {"purpose": "verification"}), (None, "AUTHENTICATION", {"purpose": "verification"}),
        (None, "UTILITY", {"purpose": "notification"}), (None, "OTP", {"purpose": "verification"}),
        (None, "国际/港澳台", {"region": "international"}), (None, "国际/港澳台短信", {"region": "international"}),
        (None, "国际验证码", {"region": "international", "purpose": "verification"}),
        (None, "国内短信", {"region": "mainland"}), (None, "國際", {"region": "international"}),
        (None, "驗證碼簡訊", {"purpose": "verification"}),
        ("tencent", "0", {}), ("tencent", "1", {"purpose": "marketing"}), ("tencent", "3", {"purpose": "verification"}),
        ("aliyun", "0", {"purpose": "verification"}), ("aliyun", "2", {"purpose": "marketing"}),
        ("aliyun", "3", {"region": "international"}), ("ucloud", "1", {"purpose": "verification"}),
    ],
)  # fmt: skip
def test_types_in_the_words_of_others(
    provider: str | None, word: str, read: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"内容,类型\n您好,{word}\n", encoding="utf-8")
    (row,), _ = noted(path, provider=provider)
    assert isinstance(row, Row), row
    assert row.data == {"body": "您好", **read}


@pytest.mark.parametrize(
    ("heading", "word", "read"),
    [
        ("签名来源", "企事业单位的全称或简称", {"source": "company"}),
        ("签名来源", "工信部备案网站的全称或简称", {"source": "website"}),
        ("签名来源", "APP应用的全称或简称", {"source": "app"}),
        ("签名来源", "公众号或小程序的全称或简称", {"source": "official_account"}),
        ("签名来源", "电商平台店铺名的全称或简称", {"source": "shop"}),
        ("签名来源", "商标名的全称或简称", {"source": "trademark"}),
        ("签名类型", "政府/机关事业单位/其他企事业单位", {"source": "government"}),
        ("签名类型", "通用", {}),
        ("签名类型", "验证码", {"purpose": "verification"}),
        ("SignSource", "公司", {"source": "company"}),
        ("签名用途", "自用", {"usage": "own"}),
        ("国内/国际", "国际/港澳台", {"region": "international"}),
        ("International", "1", {"region": "international"}),
        ("账户类型", "企业用户", {"account": {"type": "enterprise"}}),
        ("证明材料", "营业执照、授权委托书", {"documents": ["business_license", "authorization"]}),
        ("平台", "阿里", {"provider": "aliyun"}),
        ("平台", "Alibaba Cloud", {"provider": "aliyun"}),
    ],
)
def test_other_words_of_others(heading: str, word: str, read: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"签名,{heading}\n云雀,{word}\n", encoding="utf-8")
    assert data(path) == [{"signature": "云雀", **read}]


def test_a_code_means_what_its_provider_means(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("供应商,内容,类型\n阿里云,a,1\n腾讯云,b,1\n华为,c,1\n", encoding="utf-8")
    found, _ = noted(path)
    assert [row.data["purpose"] for row in found[:2] if isinstance(row, Row) and isinstance(row.data, dict)] == [
        "notification", "marketing",
    ]  # fmt: skip
    assert "没有“1”这个值" in error(found[2])


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13912345678", ["13912345678"]),
        ("139 1234 5678", ["139 1234 5678"]),
        ("+86 139 1234 5678", ["+86 139 1234 5678"]),
        ("139-1234-5678", ["139-1234-5678"]),
        ("13912345678 13812345678", ["13912345678", "13812345678"]),
        ("+8613912345678 +8613812345678", ["+8613912345678", "+8613812345678"]),
        ("13912345678、13812345678;13712345678", ["13912345678", "13812345678", "13712345678"]),
        ("'13912345678", ["13912345678"]),
        ('"=""13912345678"""', ["13912345678"]),
        (13912345678, ["13912345678"]),
        (13912345678.0, ["13912345678"]),
    ],
)
def test_telephone_numbers(cell: str | float, numbers: list[str], tmp_path: Path) -> None:
    if isinstance(cell, str):
        path = tmp_path / "a.csv"
        path.write_text(f"手机号,内容\n{cell},您好\n", encoding="utf-8")
        assert data(path) == [{"recipients": numbers, "body": "您好"}]
        return
    assert data(write_xlsx(tmp_path / "a.xlsx", {"a": [["手机号", "内容"], [cell, "您好"]]})) == [
        {"recipients": numbers, "body": "您好"}
    ]
    pq.write_table(pa.table({"手机号": [cell], "内容": ["您好"]}), tmp_path / "a.parquet")
    assert data(tmp_path / "a.parquet") == [{"recipients": numbers, "body": "您好"}]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "1.39E+10",
            "“1.39E+10”被电子表格改成了科学计数法，号码已损坏；把该列设为文本格式，从原始数据重新填写",
        ),
        ("1.39123e+10", "号码已损坏"),
        ("13912345678.0", "被电子表格改成了小数，应为 13912345678"),
        ("#N/A", "电子表格的公式出错（#N/A）"),
    ],
)
def test_what_a_spreadsheet_damaged(cell: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"手机号,内容\n{cell},您好\n", encoding="utf-8")
    assert said in error(rows(path)[0])


@pytest.mark.parametrize(
    ("cell", "params"),
    [
        ("123456", ["123456"]),
        ('"123456,5"', ["123456", "5"]),
        ("123456；5", ["123456", "5"]),
        ("code=1234&name=云雀", {"code": "1234", "name": "云雀"}),
        ("#code#=1234", {"code": "1234"}),
        ('"[""1"", 2]"', ["1", 2]),
        ('"{""code"": ""1""}"', {"code": "1"}),
        (123456, ["123456"]),
    ],
)
def test_values_written_without_json(cell: str | int, params: object, tmp_path: Path) -> None:
    if isinstance(cell, str):
        path = tmp_path / "a.csv"
        path.write_text(f"内容,参数\n您好,{cell}\n", encoding="utf-8")
    else:
        path = write_xlsx(tmp_path / "a.xlsx", {"a": [["内容", "参数"], ["您好", cell]]})
    assert data(path) == [{"body": "您好", "params": params}]


@pytest.mark.parametrize(
    ("heading", "cell", "read"),
    [
        ("申请日期", "2026/1/5", {"as_of": "2026-01-05"}),
        ("申请日期", "2026年1月5日", {"as_of": "2026-01-05"}),
        ("申请日期", "2026-01-05 10:00:00", {"as_of": "2026-01-05"}),
        ("发送时间", "2026/1/5 9:05", {"sent_at": "2026-01-05T09:05:00"}),
        ("发送时间", "2026-01-05T10:00:00+08:00", {"sent_at": "2026-01-05T10:00:00+08:00"}),
        ("发送时间", datetime(2026, 1, 5, 9, 5), {"sent_at": "2026-01-05T09:05:00"}),  # noqa: DTZ001
    ],
)
def test_days_and_times(heading: str, cell: object, read: dict[str, str], tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"a": [["内容", heading], ["您好", cell]]})
    assert data(path) == [{"body": "您好", **read}]


def test_a_column_without_a_name_is_kept_unless_it_is_the_last(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("内容,,类型\na,x,通知\nb,x,通知,更多\n", encoding="utf-8")
    first, second = rows(path)
    assert isinstance(first, Row)
    assert first.other == {"第 2 列": "x"}
    assert "第 4 列没有列名却有内容" in error(second)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_workbooks_are_bounded(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = write_xls if kind == "xls" else write_ods
    path = write(tmp_path / f"a.{kind}", {"a": [["内容"], ["您好"]]})
    assert data(path) == [{"body": "您好"}]
    monkeypatch.setattr(workbooks, "MOST_OLD_CELLS", 1)
    with pytest.raises(InputError, match="最多 1 个单元格"):
        rows(path)


REPEATED = "<table:table-row table:number-rows-repeated='{rows}'>{cells}</table:table-row>"
CELL = "<table:table-cell table:number-columns-repeated='{times}' office:value-type='string'><text:p>{text}</text:p></table:table-cell>"


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (REPEATED.format(rows=1_000_000, cells=CELL.format(times=1000, text="x")), "超过 4000000 个单元格"),
        (REPEATED.format(rows=1000, cells=CELL.format(times=1000, text="x" * 1000)), "单元格的文字过多"),
        ("<table:table-row></wrong>", "不是 ods 工作簿"),
    ],
)
def test_an_opendocument_bomb_is_refused_unread(xml: str, said: str, tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"a": [["内容"]]}, raw=xml)
    with pytest.raises(InputError, match=said):
        rows(path)


def test_blank_rows_to_the_end_of_a_sheet_cost_nothing(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"a": [["内容"], ["您好"]]})
    blank = REPEATED.format(rows=1_048_000, cells="<table:table-cell table:number-columns-repeated='16384'/>")
    path = write_ods(tmp_path / "b.ods", {"a": [["内容"], ["您好"]], "b": []}, raw="")
    text = _content(path).replace("</table:table>", f"{blank}</table:table>")
    _replace_content(path, text)
    assert data(path) == [{"body": "您好"}]


def test_flipped_bytes_of_old_workbooks_are_errors(tmp_path: Path) -> None:
    for kind, write in (("xls", write_xls), ("ods", write_ods)):
        path = write(tmp_path / f"a.{kind}", {"a": [["内容"], ["您好"]]})
        whole = path.read_bytes()
        for place in range(0, len(whole), 61):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
            try:
                rows(path)
            except InputError:
                continue


def test_the_limit_of_the_xml_of_an_ods_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_ods(tmp_path / "a.ods", {"a": [["内容"], ["您好"]]})
    monkeypatch.setattr(opendocument_bounds, "MOST_XML", 10)
    with pytest.raises(InputError, match="解压后超过"):
        rows(path)


def _content(path: Path) -> str:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return archive.read("content.xml").decode()


def _replace_content(path: Path, text: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, "content.xml": text.encode()}.items():
            archive.writestr(name, part)
