"""Conversion of rows to submissions, defaults, and files that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from smsvet import Submission
from smsvet_api.files.inputs import to_submission
from smsvet_api.files.rows import InputError, Row, Unreadable

from .reading import error, rows

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("item", "expected", "identity"),
    [
        ({"id": "x"}, "signature、body、text 至少需要一个", "x"),
        ({"id": 7, "body": "a"}, "id: 应为字符串", 7),
        ({"bdy": "a", "body": "a"}, "bdy: 未知字段", None),
        ({"body": "a", "as_of": "今天"}, "as_of: 应为 ISO 日期", None),
        ({"body": "\ud800"}, "body: U+D800 是孤立的代理项", None),
        ({"body": "a" * ((1 << 20) + 1)}, "文本过长：一个提交最多 1024 KiB", None),
        ([], "应为一个 JSON 对象", None),
        ("text", "应为一个 JSON 对象", None),
        (None, "应为一个 JSON 对象", None),
    ],
)
def test_rows_that_are_not_submissions(item: object, expected: str, identity: object) -> None:
    answer = to_submission(Row(1, item), None, DAY, "zh")
    assert expected in error(answer)
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
def test_provider_and_date_are_defaults(item: object, provider: str, as_of: date) -> None:
    submission = to_submission(Row(1, item), "aliyun", DAY, "zh")
    assert isinstance(submission, Submission)
    assert (submission.provider, submission.as_of) == (provider, as_of)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("a.doc", b"x", "未知的扩展名 .doc；可用：.jsonl"),
        ("a.xls", b"\xd0\xcf\x11\xe0x", "不是 xls 工作簿"),
        ("a.xls", b"<html><table>", "是网页或 XML"),
        ("a.ods", b"x", "不是 ods 工作簿"),
        ("a", b"x", "未知的扩展名 （无）"),
        ("a.json", b"{", "不是合法的 JSON"),
        ("a.json", b'"\xb2\xe2"', "不是 UTF-8：第 1 行第 2 个字节"),
        ("a.json", b"[]", "没有任何提交"),
        ("a.json", b"", "没有任何提交"),
        ("a.jsonl", b"", "没有任何提交"),
        ("a.parquet", b"x", "不是 Parquet"),
        ("a.xlsx", b"x", "不是 xlsx 工作簿"),
        ("a.csv", None, "没有这个文件"),
    ],
)
def test_files_that_cannot_be_read_are_named(
    tmp_path: Path, name: str, raw: bytes | None, expected: str
) -> None:
    path = tmp_path / name
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        rows(path)
    assert str(path) in str(caught.value)
    assert expected in str(caught.value)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "a.jsonl"
    folder.mkdir()
    with pytest.raises(InputError, match=r"a\.jsonl"):
        rows(folder)
