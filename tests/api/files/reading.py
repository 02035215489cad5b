"""Reads the rows of a file for the tests in this folder."""

from __future__ import annotations

from pathlib import Path

from smsvet import Submission
from smsvet_api.files.inputs import read_rows
from smsvet_api.files.rows import Row, Unreadable

PROVIDERS = {"腾讯云": "tencent", "阿里云": "aliyun"}


def rows(path: Path) -> list[Row | Unreadable]:
    return list(read_rows(str(path), "zh", PROVIDERS))


def data(path: Path) -> list[object]:
    return [row.data if isinstance(row, Row) else row.error for row in rows(path)]


def error(row: Row | Unreadable | Submission) -> str:
    assert isinstance(row, Unreadable), row
    return row.error
