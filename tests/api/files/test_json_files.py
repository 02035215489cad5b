"""JSON and JSON Lines: every line gives a row or an error with its line number."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsvet_api.files import json_files
from smsvet_api.files.json_files import read_lines
from smsvet_api.files.rows import InputError, Reading, Row, Unreadable

from .reading import data, error, rows


def lines(data: bytes) -> list[Row | Unreadable]:
    return list(read_lines(io.BytesIO(data), Reading("-", "zh")))


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
    ("line", "message", "identity"),
    [
        (b'{"id":"x","body":"a"', "不是合法的 JSON：第 21 列：缺少英文逗号", "x"),
        (b"{'body':'a'}", "JSON 只用英文双引号", None),
        ("{“body”:1}".encode(), "JSON 只用英文双引号", None),
        (b'{"id":"x","body":"\xb2\xe2"}', "不是 UTF-8：第 19 个字节 0xB2", "x"),
        (b'{"id":"x","body":"a","body":"b"}', "字段 body 重复", "x"),
        (b'{"params":[1e999]}', "数字超出范围", None),
        (b'{"body":"a"} tail', "值已结束", None),
    ],
)
def test_a_broken_line_gives_an_error_and_keeps_its_id(
    line: bytes, message: str, identity: str | None
) -> None:
    first, second = lines(line + b'\n{"body":"next"}\n')
    assert message in error(first)
    assert isinstance(first, Unreadable)
    assert (first.line, first.id) == (1, identity)
    assert second == Row(2, {"body": "next"})


def test_a_blank_line_is_an_error_except_at_the_end() -> None:
    first, second, third = lines(b'{"body":"a"}\n \n{"body":"b"}\n\n')
    assert (first, third) == (Row(1, {"body": "a"}), Row(3, {"body": "b"}))
    assert error(second) == "空行，不是提交"


def test_a_line_over_the_limit_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "LONGEST_LINE", 1000)
    first, second = lines(b'{"body":"' + b"a" * 9000 + b'"}\n{"body":"b"}\n')
    assert "文本过长" in error(first)
    assert second == Row(2, {"body": "b"})


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line and line.strip()), max_size=8))
def test_every_line_gives_one_answer(given_lines: list[bytes]) -> None:
    answers = lines(b"\n".join(given_lines) + b"\n" if given_lines else b"")
    assert [answer.line for answer in answers] == list(range(1, len(given_lines) + 1))


@pytest.mark.parametrize(("raw", "count"), [('{"body":"a"}', 1), ('[{"body":"a"},3]', 2)])
def test_json_is_one_object_or_an_array(tmp_path: Path, raw: str, count: int) -> None:
    path = tmp_path / "a.json"
    path.write_text("\ufeff" + raw, encoding="utf-8")
    assert [row.line for row in rows(path)] == list(range(1, count + 1))
    assert data(path)[0] == {"body": "a"}


def test_a_json_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as stream:
        stream.truncate(json_files.MOST_JSON + 1)
    with pytest.raises(InputError, match=r"a\.json：超过 256 MiB，请改用 JSON Lines"):
        rows(path)


def test_lines_are_read_lazily() -> None:
    class Slow(io.BytesIO):
        calls = 0

        def readline(self, size: int | None = -1) -> bytes:
            self.calls += 1
            return super().readline(size)

    stream = Slow(b'{"body":"a"}\n' * 9)
    answers: Iterator[Row | Unreadable] = read_lines(stream, Reading("-", "zh"))
    assert next(answers) == Row(1, {"body": "a"})
    assert stream.calls == 1


@pytest.mark.parametrize(
    "document",
    [
        b'{\n  "body": "a"\n}\n',
        b'[\r\n  {"body": "a"}\r\n]',
        b'\xef\xbb\xbf{\n  "Response": {"DescribeTemplateStatusSet": [\n  {"TemplateContent": "a", "StatusCode": 0}]}}',
        b'{"Response": {"DescribeTemplateStatusSet": [{"TemplateContent": "a", "StatusCode": 0}]}}',
        b'[{"TemplateContent": "a", "StatusCode": 0}]',
    ],
)
def test_a_stream_may_be_one_document(document: bytes) -> None:
    (row,) = lines(document)
    assert isinstance(row, Row)
    assert isinstance(row.data, dict)
    assert row.data["body"] == "a"


def test_a_document_that_is_wrong_is_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [row.line for row in lines(b'{\n"body": "a"\n{"body":"b"}\n')] == [1, 2, 3]
    monkeypatch.setattr(json_files, "MOST_DOCUMENT", 5)
    with pytest.raises(InputError, match="-：不是每行一个 JSON"):
        lines(b'{\n"body": "a"\n}')


def test_a_table_on_standard_input_is_named() -> None:
    first, second = lines("模板内容,类型\n您好,通知\n".encode())
    assert "这里只读 JSON，表格请用 .csv 等扩展名的文件" in error(first)
    assert "表格" not in error(second)


def test_an_error_answer_is_named() -> None:
    with pytest.raises(InputError, match="服务商返回的错误"):
        lines(b'{\n"Code": "isv.BAD", "Message": "no"}')


def test_errors_in_english() -> None:
    (answer,) = read_lines(io.BytesIO(b"{'a':1}"), Reading("-", "en"))
    assert "not valid JSON: column 2" in error(answer)
    assert "straight double quotes" in error(answer)
