"""Reads the rows of a file for the tests in this folder."""

from __future__ import annotations

from pathlib import Path

import openpyxl

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


def noted(path: Path, *columns: str, provider: str | None = None) -> tuple[list[Row | Unreadable], list[str]]:
    """Return the rows of a file, and the notes about it."""
    notes: list[str] = []
    found = read_rows(str(path), "zh", PROVIDERS, provider=provider, columns=columns, note=notes.append)
    return list(found), [note.removeprefix(f"{path}：") for note in notes]


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
