"""Files and streams of submissions: one answer for every line, and why where it cannot be read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet import Submission
from smsvet_api.files import inputs
from smsvet_api.files.inputs import InputError, Row, Unreadable, read_lines, read_rows, to_submission
from smsvet_api.files.tables import csv_encoding

DAY = date(2026, 11, 22)
PROVIDERS = {"腾讯云": "tencent", "阿里云": "aliyun"}


def lines(data: bytes) -> list[Row | Unreadable]:
    return list(read_lines(io.BytesIO(data), "zh"))


def rows(path: Path) -> list[Row | Unreadable]:
    return list(read_rows(str(path), "zh", PROVIDERS))


def data(path: Path) -> list[object]:
    return [row.data if isinstance(row, Row) else row.error for row in rows(path)]


def error(row: Row | Unreadable | Submission) -> str:
    assert isinstance(row, Unreadable), row
    return row.error


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (b'{"body":"a"}\n{"body":"b"}\n', [(1, "a"), (2, "b")]),
        (b'{"body":"a"}\r\n{"body":"b"}', [(1, "a"), (2, "b")]),
        (b'\xef\xbb\xbf{"body":"a"}', [(1, "a")]),
        ('{"body":"a\u2028b\u0085c"}\n'.encode(), [(1, "a\u2028b\u0085c")]),
        (b'{"body":"a\\rb"}\n', [(1, "a\rb")]),
        (b'{"body":"a"}\n\n', [(1, "a")]),
        (b"", []),
    ],
)
def test_only_a_newline_ends_a_line(text: bytes, read: list[tuple[int, str]]) -> None:
    assert lines(text) == [Row(number, {"body": body}) for number, body in read]


@pytest.mark.parametrize(
    ("line", "said", "identity"),
    [
        (b'{"id":"x","body":"a"', "不是合法的 JSON：第 21 列：缺少英文逗号", "x"),
        (b"{'body':'a'}", "JSON 只用英文双引号", None),
        ("{“body”:1}".encode(), "JSON 只用英文双引号", None),
        (b'{"id":"x","body":"\xb2\xe2"}', "不是 UTF-8：第 19 个字节 0xB2", "x"),
        (b'{"body":"a","body":"b"}', "body: 字段重复", None),
        (b'{"params":[NaN]}', "NaN: 不是标准 JSON", None),
        (b"[" * 200_000, "嵌套过深", None),
        (b'{"params":[' + b"9" * 5000 + b"]}", "数字过长", None),
        (b'{"body":"a"} tail', "值已结束", None),
    ],
)
def test_a_broken_line_says_what_is_wrong_and_keeps_its_id(
    line: bytes, said: str, identity: str | None
) -> None:
    first, second = lines(line + b'\n{"body":"next"}\n')
    assert said in error(first)
    assert isinstance(first, Unreadable)
    assert (first.line, first.id) == (1, identity)
    assert second == Row(2, {"body": "next"})


def test_a_blank_line_is_no_submission_but_a_last_one_is_nothing() -> None:
    first, second, third = lines(b'{"body":"a"}\n \n{"body":"b"}\n\n')
    assert (first, third) == (Row(1, {"body": "a"}), Row(3, {"body": "b"}))
    assert error(second) == "空行，不是提交"


def test_an_endless_line_is_skipped_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "LONGEST_LINE", 1000)
    first, second = lines(b'{"body":"' + b"a" * 9000 + b'"}\n{"body":"b"}\n')
    assert "文本过长" in error(first)
    assert second == Row(2, {"body": "b"})


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line and line.strip()), max_size=8))
def test_as_many_answers_as_lines(given_lines: list[bytes]) -> None:
    answers = lines(b"\n".join(given_lines) + b"\n" if given_lines else b"")
    assert [answer.line for answer in answers] == list(range(1, len(given_lines) + 1))


@pytest.mark.parametrize(
    ("item", "said", "identity"),
    [
        ({"id": "x"}, "signature、body、text 至少需要一个", "x"),
        ({"id": 7, "body": "a"}, "id: 应为字符串", 7),
        ({"bdy": "a", "body": "a"}, "bdy: 未知字段", None),
        ({"body": "a", "as_of": "今天"}, "as_of: 应为 ISO 日期", None),
        ({"body": "\ud800"}, "U+D800 是孤立的代理项", None),
        ({"body": "a" * ((1 << 20) + 1)}, "文本过长：一个提交最多 1024 KiB", None),
        ([], "应为一个 JSON 对象", None),
        ("text", "应为一个 JSON 对象", None),
        (None, "应为一个 JSON 对象", None),
    ],
)
def test_what_is_not_a_submission(item: object, said: str, identity: object) -> None:
    answer = to_submission(Row(1, item), None, DAY, "zh")
    assert said in error(answer)
    assert isinstance(answer, Unreadable)
    assert answer.id == identity


@pytest.mark.parametrize(
    ("item", "provider", "as_of"),
    [
        ({"body": "a"}, "aliyun", DAY),
        ({"body": "a", "provider": "huawei"}, "huawei", DAY),
        ({"body": "a", "as_of": "2018-10-09"}, "aliyun", date(2018, 10, 9)),
        ({"body": "a" * ((1 << 20) - 100)}, "aliyun", DAY),
    ],
)
def test_defaults_stand_in_where_a_line_does_not_say(item: object, provider: str, as_of: date) -> None:
    submission = to_submission(Row(1, item), "aliyun", DAY, "zh")
    assert isinstance(submission, Submission)
    assert (submission.provider, submission.as_of) == (provider, as_of)


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
def test_csv_in_the_encodings_and_with_the_columns_that_people_have(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "提交.csv"
    path.write_bytes((CHINESE + CELLS).encode(encoding))
    assert data(path) == [READ]


@pytest.mark.parametrize(
    ("cell", "purpose"),
    [
        ("验证码", "verification"), ("验证码短信", "verification"), ("通知类", "notification"),
        ("行业通知", "notification"), ("营销短信", "marketing"), ("推广", "marketing"), ("Marketing", "marketing"),
        ("其他", "其他"),
    ],
)  # fmt: skip
def test_purposes_have_chinese_names(tmp_path: Path, cell: str, purpose: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"内容,类型\n您好,{cell}\n", encoding="utf-8")
    assert data(path) == [{"body": "您好", "purpose": purpose}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("body,备注信息\n", "第 2 列：未知列“备注信息”"),
        ("bodi,remark\n", "（是否应为“body”？）"),
        ("remark,purpose\n", "缺少列：signature（签名）、body（模板内容）、text"),
        ("模板内容,内容\n", "第 2 列：body 已在前面的列给出"),
        ("", "没有任何提交，文件是空的"),
        ("body\n", "没有任何提交，文件是空的"),
    ],
)
def test_a_wrong_header_names_the_column(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv") as caught:
        rows(path)
    assert said in str(caught.value)


def test_wrong_rows_leave_the_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,body,params\n1,a,\n2,b,{1}\n,,\n3,c,,extra\n4,"d"x,\n5,e\n,,\n', encoding="utf-8")
    answers = rows(path)
    assert [row.line for row in answers] == [2, 3, 4, 5, 6, 7]
    assert answers[0] == Row(2, {"id": "1", "body": "a"})
    assert isinstance(answers[1], Unreadable)
    assert answers[1].id == "2"
    assert "params: 不是合法的 JSON" in error(answers[1])
    assert error(answers[2]) == "空行，不是提交"
    assert "第 4 列没有列名却有内容" in error(answers[3])
    assert "结束的双引号后应为逗号" in error(answers[4])
    assert answers[5] == Row(7, {"id": "5", "body": "e"})


def test_a_csv_quote_that_never_ends_is_told(tmp_path: Path) -> None:
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
    ("raw", "said"),
    [
        ("模板内容\n您好\n".encode("utf-16"), "请另存为 UTF-8 的 CSV"),
        (b"body\n\xff\xff\xff\n", "既不是 UTF-8，也不是 GB18030"),
    ],
)
def test_what_is_no_text_table_is_told(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=said):
        csv_encoding(path, "zh")


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
        [7, "您好", datetime(2018, 10, 9, tzinfo=None), '["1"]', None],  # noqa: DTZ001 - a workbook knows no zones
        [None, None, None, None, None],
        [8.0, 123, None, None, None],
        [None, " ", None, None, None],
    ]
    workbook(path, table)
    first, second, third = rows(path)
    assert first == Row(2, {"id": "7", "body": "您好", "as_of": "2018-10-09", "params": ["1"]})
    assert error(second) == "空行，不是提交"
    assert third == Row(4, {"id": "8", "body": "123"})


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
    ("name", "raw", "said"),
    [
        ("a.xls", b"x", "未知的扩展名 .xls；可用：.jsonl"),
        ("a", b"x", "未知的扩展名 （无）"),
        ("a.json", b"{", "不是合法的 JSON"),
        ("a.json", b'"\xb2\xe2"', "不是 UTF-8：第 2 个字节"),
        ("a.json", b"[]", "没有任何提交"),
        ("a.json", b"", "没有任何提交"),
        ("a.jsonl", b"", "没有任何提交"),
        ("a.parquet", b"x", "不是 Parquet"),
        ("a.xlsx", b"x", "不是 xlsx 工作簿"),
        ("a.csv", None, "没有这个文件"),
    ],
)
def test_files_that_cannot_be_read_are_named(tmp_path: Path, name: str, raw: bytes | None, said: str) -> None:
    path = tmp_path / name
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        rows(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "a.jsonl"
    folder.mkdir()
    with pytest.raises(InputError, match=r"a\.jsonl"):
        rows(folder)


@pytest.mark.parametrize(("raw", "count"), [('{"body":"a"}', 1), ('[{"body":"a"},3]', 2)])
def test_json_is_one_object_or_an_array(tmp_path: Path, raw: str, count: int) -> None:
    path = tmp_path / "a.json"
    path.write_text("\ufeff" + raw, encoding="utf-8")
    assert [row.line for row in rows(path)] == list(range(1, count + 1))
    assert data(path)[0] == {"body": "a"}


def test_lines_are_read_as_they_are_asked_for() -> None:
    class Slow(io.BytesIO):
        asked = 0

        def readline(self, size: int | None = -1) -> bytes:
            self.asked += 1
            return super().readline(size)

    stream = Slow(b'{"body":"a"}\n' * 9)
    answers: Iterator[Row | Unreadable] = read_lines(stream, "zh")
    assert next(answers) == Row(1, {"body": "a"})
    assert stream.asked == 1


def test_errors_are_english_where_asked() -> None:
    (answer,) = read_lines(io.BytesIO(b"{'a':1}"), "en")
    assert "not JSON: column 2" in error(answer)
    assert "straight double quotes" in error(answer)
    assert json.loads(json.dumps(error(answer))) == error(answer)
