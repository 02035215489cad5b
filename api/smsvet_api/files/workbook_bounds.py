"""The limits of an xlsx workbook, tested before openpyxl unpacks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import ZipFile, ZipInfo

from smsvet.model import Lang

from ..wording import say
from .rows import LONGEST_LINE, InputError

MEBIBYTE = 1 << 20
MOST_SHEET = 1024 * MEBIBYTE
"""Maximum size of the XML of all sheets together in bytes, unpacked."""
MOST_STRINGS = 256 * MEBIBYTE
"""Maximum size of the shared strings in bytes, unpacked; they are kept in memory."""
MOST_OTHER = 32 * MEBIBYTE
"""Maximum size of all other XML together in bytes, unpacked."""
MOST_RATIO = 300
"""Maximum ratio of the unpacked to the packed size, for a part of more than one chunk."""
MOST_CELLS = 25_000_000
"""Maximum number of cells in one sheet."""
MOST_STRING_COUNT = 5_000_000
"""Maximum number of shared strings."""
MOST_COLUMNS = 256
"""Maximum number of columns; a table of submissions has fewer than thirty."""
MOST_ROWS = 1_048_576
"""Maximum number of rows, which is that of the format."""
MOST_OLD_CELLS = 4_000_000
"""Maximum number of cells in a sheet of an xls or ods workbook, which are kept in memory; empty ones count."""
MOST_OLD_FILE = 64 * MEBIBYTE
"""Maximum size of an xls or ods file in bytes."""

_CHUNK = MEBIBYTE
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")


def check_bounds(archive: ZipFile, name: str, lang: Lang) -> None:
    """Raise InputError for a workbook that would take too much time or memory to read."""
    totals = {"sheets": 0, "shared strings": 0, "other parts": 0}
    limits = {"sheets": MOST_SHEET, "shared strings": MOST_STRINGS, "other parts": MOST_OTHER}
    chinese = {"sheets": "工作表", "shared strings": "共享字符串", "other parts": "其他部分"}
    for part in archive.infolist():
        path = part.filename.lower()
        if not path.endswith((".xml", ".rels")):
            continue  # images and the like are never unpacked
        if part.file_size > _CHUNK and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise InputError(
                say(
                    lang,
                    f"{name}：{part.filename} 解压后超过压缩大小的 {MOST_RATIO} 倍",
                    f"{name}: {part.filename} unpacks to more than {MOST_RATIO} times its size",
                )
            )
        kind = _kind(path)
        totals[kind] += part.file_size
        if totals[kind] > limits[kind]:
            most = limits[kind] // MEBIBYTE
            raise InputError(
                say(
                    lang,
                    f"{name}：{chinese[kind]}解压后超过 {most} MiB",
                    f"{name}: the {kind} unpack to more than {most} MiB",
                )
            )
        _check_part(archive, part, kind, name, lang)


def _kind(path: str) -> str:
    if "/worksheets/" in path:
        return "sheets"
    return "shared strings" if path.endswith("sharedstrings.xml") else "other parts"


def _check_part(archive: ZipFile, part: ZipInfo, kind: str, name: str, lang: Lang) -> None:
    """Raise InputError for an XML part with a long text, too many cells or strings, entities or UTF-16."""
    counted, most = (_STRING, MOST_STRING_COUNT) if kind == "shared strings" else (_CELL, MOST_CELLS)
    count = run = 0
    with archive.open(part) as stream:
        for chunk in _chunks(stream):
            if b"\0" in chunk or b"<!DOCTYPE" in chunk:
                raise InputError(
                    say(
                        lang,
                        f"{name}：{part.filename} 不是工作簿的 XML",
                        f"{name}: {part.filename} is not the XML of a workbook",
                    )
                )
            # A text is a run without "<". A run inside one chunk is short enough.
            first = chunk.find(b"<")
            run += len(chunk) if first < 0 else first
            if run > LONGEST_LINE:
                raise InputError(
                    say(
                        lang,
                        f"{name}：{part.filename} 中有一个单元格超过 {LONGEST_LINE // MEBIBYTE} MiB",
                        f"{name}: {part.filename} has a cell of more than {LONGEST_LINE // MEBIBYTE} MiB",
                    )
                )
            if first >= 0:
                run = len(chunk) - chunk.rfind(b"<") - 1
            count += len(counted.findall(chunk))
            if count > most:
                raise InputError(
                    say(
                        lang,
                        f"{name}：{part.filename} 的单元格或字符串超过 {most} 个",
                        f"{name}: {part.filename} has more than {most} cells or strings",
                    )
                )


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def check_size(path: Path, lang: Lang) -> None:
    """Raise InputError for an xls or ods file above MOST_OLD_FILE."""
    if path.stat().st_size > MOST_OLD_FILE:
        most = MOST_OLD_FILE // MEBIBYTE
        raise InputError(
            say(
                lang,
                f"{path}：超过 {most} MiB，请另存为 xlsx 或 CSV",
                f"{path}: larger than {most} MiB; save it as xlsx or CSV",
            )
        )


def check_row(row: int, columns: int, name: str, lang: Lang) -> None:
    """Raise InputError for a row with too many columns, or beyond the last row of the format."""
    if columns > MOST_COLUMNS:
        raise InputError(
            say(
                lang,
                f"{name}：第 {row} 行有 {columns} 列，最多 {MOST_COLUMNS} 列",
                f"{name}: row {row} has {columns} columns, at most {MOST_COLUMNS}",
            )
        )
    if row > MOST_ROWS:
        raise InputError(say(lang, f"{name}：超过 {MOST_ROWS} 行", f"{name}: more than {MOST_ROWS} rows"))
