"""Reads tables of submissions: CSV in UTF-8 or GB18030, Parquet and xlsx."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal
from zipfile import ZipFile

from smsvet import MissingExtraError
from smsvet.extras import check_installed
from smsvet.model import Lang, Said

from ..wording import say
from .columns import CellError, is_blank, read_header
from .parquet import Cells, read_parquet
from .rows import LONGEST_LINE, InputError, Row, Unreadable
from .workbook_bounds import check_bounds, check_row

_NEEDED: Mapping[str, tuple[str, Said]] = {
    ".parquet": ("pyarrow", Said("读取 Parquet ", "Reading Parquet")),
    ".xlsx": ("openpyxl", Said("读取 xlsx ", "Reading xlsx")),
}
"""Extension -> the package of the extra `tables` that reads it."""

_CHUNK = 1 << 20
_ESCAPED = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile("[^\x00-\x7f\udc80-\udcff]")


def read_table(path: Path, lang: Lang, providers: Mapping[str, str]) -> Iterator[Row | Unreadable]:
    """Yield the rows of a table, read according to its extension. Raises InputError naming file and column.

    Parquet and xlsx need the extra `tables`; without it, the InputError names the pip command.
    """
    readers = {".csv": read_csv, ".parquet": read_parquet, ".xlsx": read_workbook}
    suffix = path.suffix.lower()
    if suffix in _NEEDED:
        package, purpose = _NEEDED[suffix]
        try:
            check_installed([package], "tables", purpose)
        except MissingExtraError as error:
            raise InputError(say(lang, f"{path}：{error.chinese}", f"{path}: {error}")) from error
    lines = readers[suffix](path, lang)
    _, header = next(lines, (1, ()))
    if isinstance(header, str):
        raise InputError(f"{path}: {header}")
    if not header:
        return
    columns = read_header(header, str(path), providers, lang)
    at = columns.fields.index("id") if "id" in columns.fields else None
    blank: list[range] = []
    for line, cells in lines:
        if isinstance(cells, str):
            wrong, identity = cells, None
        elif all(map(is_blank, cells)):
            if blank and blank[-1].stop == line:
                blank[-1] = range(blank[-1].start, line + 1)
            else:
                blank.append(range(line, line + 1))
            continue
        else:
            wrong, identity = (
                "",
                columns.value("id", cells[at]) if at is not None and at < len(cells) else None,
            )
        # Spreadsheets often end with blank rows: skip those, and report blank rows between others.
        yield from (
            Unreadable(number, say(lang, "空行，不是提交", "a blank row, not a submission"))
            for number in chain.from_iterable(blank)
        )
        blank.clear()
        try:
            yield Unreadable(line, wrong) if isinstance(cells, str) else Row(line, columns.record(cells))
        except CellError as error:
            yield Unreadable(line, str(error), identity if isinstance(identity, str) else None)


def read_csv(path: Path, lang: Lang) -> Iterator[Cells]:
    """Yield the rows of a CSV file, each with the number of its first line."""
    encoding = csv_encoding(path, lang)
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as stream:
        record: list[str] = []
        reader = csv.reader(_remembered(stream, record), strict=True)
        while True:
            line = reader.line_num + 1
            record.clear()
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, _csv_error(str(error), line, record, lang)


def _remembered(stream: Iterable[str], record: list[str]) -> Iterator[str]:
    for line in stream:
        record.append(line)
        yield line


def _csv_error(wrong: str, line: int, record: Sequence[str], lang: Lang) -> str:
    """Return the error of a record that begins in `line`. An open quote is named with its own line."""
    if not wrong.startswith(("unexpected end", "field larger")):
        return say(lang, f"不是合法的 CSV：{_CSV_ZH.get(wrong, wrong)}", f"not CSV: {wrong}")
    opened, quoted = line, False
    for number, text in enumerate(record, start=line):
        # Quotes toggle. Two in a row, a written quote, open nothing new.
        for _ in range(text.replace('""', "").count('"')):
            quoted = not quoted
            opened = number if quoted else opened
    return say(
        lang,
        f"不是合法的 CSV：第 {opened} 行的双引号没有结束",
        f"not CSV: the quote that opens in line {opened} does not end",
    )


_CSV_ZH = {"',' expected after '\"'": "结束的双引号后应为逗号；文本中的双引号要写成两个"}


def csv_encoding(path: Path, lang: Lang) -> Literal["utf-8-sig", "gb18030"]:
    """Return the encoding of a CSV file, from a byte order mark or by counting characters that fail to decode.

    A file with few broken characters among many good ones is UTF-8. Raises InputError for UTF-16, for binary
    data, and if neither encoding fits.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(
            say(
                lang,
                f"{path}：不是文本 CSV，请另存为 UTF-8 的 CSV",
                f"{path}: not a text CSV; save it as CSV in UTF-8",
            )
        )
    foreign = escaped = lines = 0
    for text in _decoded(path, "utf-8"):
        if (at := text.find("\0")) >= 0:
            line = lines + text.count("\n", 0, at) + 1
            raise InputError(
                say(
                    lang,
                    f"{path}：第 {line} 行有 NUL 字节，不是文本 CSV，请另存为 UTF-8 的 CSV",
                    f"{path}:{line}: a NUL byte, so not a text CSV; save it as CSV in UTF-8",
                )
            )
        lines += text.count("\n")
        foreign += len(_FOREIGN.findall(text))
        escaped += len(_ESCAPED.findall(text))
    if not escaped or head.startswith(codecs.BOM_UTF8) or foreign > escaped:
        return "utf-8-sig"
    if any(_ESCAPED.search(text) for text in _decoded(path, "gb18030")):
        raise InputError(
            say(lang, f"{path}：既不是 UTF-8，也不是 GB18030", f"{path}: neither UTF-8 nor GB18030")
        )
    return "gb18030"


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def read_workbook(path: Path, lang: Lang) -> Iterator[Cells]:
    """Yield the rows of a workbook's first sheet. Raises InputError for one that is damaged or beyond the limits."""
    import openpyxl  # noqa: PLC0415 - loads slowly, and only this needs it

    with path.open("rb") as stream:
        try:
            with ZipFile(stream) as archive:
                check_bounds(archive, str(path), lang)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
                sheet = book.worksheets[0]
                sheet.reset_dimensions()  # many programs write a wrong one
        except (InputError, OSError):
            raise
        except Exception as error:  # a damaged part raises errors of several libraries
            raise InputError(
                say(lang, f"{path}：不是 xlsx 工作簿：{error}", f"{path}: not an xlsx workbook: {error}")
            ) from error
        line = 0
        try:
            rows: Iterable[tuple[object, ...]] = sheet.iter_rows(values_only=True)
            for line, cells in enumerate(rows, start=1):
                check_row(line, len(cells), str(path), lang)
                yield line, cells
        except (InputError, OSError):
            raise
        except Exception as error:
            raise InputError(
                say(
                    lang,
                    f"{path}：第 {line} 行之后的内容已损坏：{error}",
                    f"{path}: damaged after row {line}: {error}",
                )
            ) from error
        finally:
            book.close()
