"""Reads tables of submissions: delimited text, Parquet and workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Final, Literal
from zipfile import BadZipFile, ZipFile

from smsvet import MissingExtraError
from smsvet.extras import check_installed
from smsvet.model import Said

from ..wording import say
from .cells import CellError, is_blank, read_cell
from .columns import Columns
from .csv_files import text_sheets
from .headings import Found, Sheet, find_headings, read_headings, title
from .list_format import ListFormat
from .parquet import read_parquet
from .rows import InputError, Reading, Row, Unreadable
from .vendor_lists import list_format
from .workbooks import old_sheets, xlsx_sheets

Kind = Literal["text", "parquet", "xlsx", "xls", "ods"]

TABLES: Final[Mapping[str, Kind]] = {
    ".csv": "text", ".tsv": "text", ".txt": "text", ".parquet": "parquet", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".xls": "xls", ".ods": "ods",
}  # fmt: skip
"""Extension -> what the file should be."""

_NEEDED: Final[Mapping[str, tuple[str, Said]]] = {
    "parquet": ("pyarrow", Said("读取 Parquet ", "Reading Parquet")),
    "xlsx": ("openpyxl", Said("读取 xlsx ", "Reading xlsx")),
    "xls": ("python_calamine", Said("读取 xls ", "Reading xls")),
    "ods": ("python_calamine", Said("读取 ods ", "Reading ods")),
}
"""Kind -> the package of the extra `tables` that reads it."""


def read_table(path: Path, reading: Reading) -> Iterator[Row | Unreadable]:
    """Yield the rows of a table. Raises InputError naming file and column.

    The content decides how a file is read where it differs from the extension. Parquet and workbooks need the extra
    `tables`; without it, the InputError names the pip command.
    """
    kind = _kind(path, reading)
    if kind in _NEEDED:
        package, purpose = _NEEDED[kind]
        try:
            check_installed([package], "tables", purpose)
        except MissingExtraError as error:
            raise InputError(say(reading.lang, f"{path}：{error.chinese}", f"{path}: {error}")) from error
    try:
        with _opened(path, kind, reading) as sheets:
            found, rest = find_headings(sheets, reading)
            if found is None:
                return
            _note_sheets(found, rest, reading)
            yield from _rows(found, reading)
    except UnicodeError as error:
        raise InputError(
            say(reading.lang, f"{path}：不是 UTF-16：{error}", f"{path}: not UTF-16: {error}")
        ) from error


def _opened(path: Path, kind: Kind, reading: Reading) -> AbstractContextManager[Sequence[Sheet]]:
    if kind == "text":
        return nullcontext(text_sheets(path, reading))
    if kind == "parquet":
        return nullcontext([Sheet("", partial(read_parquet, path, reading.lang), searched=1)])
    return xlsx_sheets(path, reading) if kind == "xlsx" else old_sheets(path, reading, kind)


def _kind(path: Path, reading: Reading) -> Kind:
    """Return what a file is: by its first bytes, else by its extension. Raises InputError for a web page."""
    expected = TABLES[path.suffix.lower()]
    with path.open("rb") as stream:
        head = stream.read(512)
    found: Kind | None = None
    if head.startswith(b"PAR1"):
        found = "parquet"
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        found = "xls"
    elif head.startswith(b"PK\x03\x04"):
        found = _zip_kind(path)
    elif expected == "xls" and head and (head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head):
        found = "text"  # consoles name delimited text so, that a spreadsheet opens it
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<?xml")):
        raise InputError(
            say(
                reading.lang,
                f"{path}：是网页或 XML，不是工作簿；用电子表格打开，另存为 xlsx 或 CSV",
                f"{path}: a web page or XML, not a workbook; open it in a spreadsheet and save it as xlsx or CSV",
            )
        )
    return found or expected


def _zip_kind(path: Path) -> Kind | None:
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):  # the last for an unknown version of zip
        return None
    if "content.xml" in names:
        return "ods"
    return "xlsx" if any(name.lower().startswith("xl/") for name in names) else None


def _note_sheets(found: Found, rest: Sequence[Found], reading: Reading) -> None:
    """Note the headings that are not in the first row, and the other sheets that have headings too."""
    lang, sheet = reading.lang, found.sheet.name
    also = [one.sheet.name for one in rest if one.quality[0] and one.sheet.name and not one.sheet.hidden]
    if not found.quality[0]:
        return
    if found.above:
        place = say(lang, f"工作表“{sheet}”", f"sheet “{sheet}”, ") if sheet else ""
        reading.note(
            say(
                lang,
                f"{reading.source}：{place}列名在第 {found.line} 行，其上 {found.above} 行未审核",
                f"{reading.source}: {place}the headings are in row {found.line}; {found.above} rows above are not reviewed",
            )
        )
    if also:
        reading.note(
            say(
                lang,
                f"{reading.source}：只审核了工作表“{sheet}”，另有：{'、'.join(also)}",
                f"{reading.source}: only sheet “{sheet}” is reviewed; there are also: {', '.join(also)}",
            )
        )


def _rows(found: Found, reading: Reading) -> Iterator[Row | Unreadable]:
    headings = [title(cell) for cell in found.header]
    vendor = None if reading.by_hand else list_format(set(headings))
    if vendor is not None and not vendor.everyday:
        yield from _vendor_rows(found, headings, vendor, reading)
        return
    columns = _columns(found, headings, reading)
    for line, cells in _below(found):
        if isinstance(cells, str):
            yield Unreadable(line, cells)
            continue
        given = columns.given(cells)
        try:
            yield Row(line, columns.record(cells), given, columns.other(given))
        except CellError as error:
            yield Unreadable(line, str(error), _identity(columns, cells, reading), given)


def parquet_columns(names: Sequence[str], reading: Reading) -> Columns | None:
    """Return the columns of a Parquet file with these names; None if they are the keys of a vendor's list answer.

    Raises InputError as `read_table`.
    """
    found, _ = find_headings([Sheet("", lambda: iter([(0, names)]), searched=1)], reading)
    headings = [title(name) for name in names]
    vendor = None if reading.by_hand else list_format(set(headings))
    if found is None or (vendor is not None and not vendor.everyday):
        return None
    return _columns(found, headings, reading)


def _columns(found: Found, headings: Sequence[str], reading: Reading) -> Columns:
    """Return the columns of a header row, and note those that are carried through. Raises InputError."""
    columns = read_headings(found, reading)
    carried = [
        heading
        for heading, written, field in zip(columns.headings, headings, columns.fields, strict=False)
        if field is None and written
    ]
    if carried:
        reading.note(
            say(
                reading.lang,
                f"{reading.source}：不是审核字段、原样保留的列：{'、'.join(carried)}",
                f"{reading.source}: columns kept as they are, not reviewed: {', '.join(carried)}",
            )
        )
    reading.mapped(tuple(zip(columns.headings, columns.fields, strict=True)))
    return columns


def _below(found: Found) -> Iterator[tuple[int, Sequence[object] | str]]:
    """Yield the rows below the headings that are neither blank nor the headings again."""
    for line, cells in found.sheet.rows():
        if line <= found.line:
            continue
        if isinstance(cells, str) or not (all(map(is_blank, cells)) or tuple(cells) == found.header):
            yield line, cells


def _identity(columns: Columns, cells: Sequence[object], reading: Reading) -> str | None:
    at = columns.fields.index("id") if "id" in columns.fields else len(cells)
    if at >= len(cells) or is_blank(cells[at]):
        return None
    try:
        found = read_cell("id", cells[at], reading.lang)
    except CellError:
        return None
    return found if isinstance(found, str) else None


def _vendor_rows(
    found: Found, headings: Sequence[str], vendor: ListFormat, reading: Reading
) -> Iterator[Row | Unreadable]:
    """Yield the rows of a table whose headings are the keys of a vendor's list answer."""
    seen: set[str] = set()
    for line, cells in _below(found):
        if isinstance(cells, str):
            yield Unreadable(line, cells)
            continue
        item = {
            heading: cell
            for heading, cell in zip(headings, cells, strict=False)
            if heading and not is_blank(cell)
        }
        yield vendor.row(line, item, reading, seen)
