"""Writes spooled rows as CSV, xlsx, Parquet or JSON Lines."""

from __future__ import annotations

import csv
import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, BinaryIO, Final

from smsvet.labels import label
from smsvet.model import Lang

from ...wording import say
from ..workbook_bounds import MOST_ROWS
from .cells import csv_cell, native, xlsx_cell
from .outcome import HEADINGS
from .spool import Spool, SpooledRow

_GROUP = 8192
"""Rows of a Parquet row group."""
_WIDTHS: Final[Mapping[str, int]] = {"rules": 30, "titles": 24, "reasons": 50, "fixes": 50, "suggestion": 50}
_LISTS = ("rules", "titles", "reasons", "fixes")


def added_headings(taken: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the names of the added columns, changed where the input has a column of that name already."""
    used = set(taken)
    headings = []
    for name in names:
        heading, number = name, 1
        while heading in used:
            number += 1
            heading = f"smsvet {name}" if number == 2 else f"smsvet {name} {number - 1}"
        used.add(heading)
        headings.append(heading)
    return headings


def _for_people(spool: Spool, lang: Lang) -> list[str]:
    return added_headings(spool.columns(), (label(HEADINGS, name, lang) for name in HEADINGS))


class _Utf8:
    """Lets `csv` write text to a stream of bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.encode("utf-8", "replace"))


def write_csv(stream: BinaryIO, spool: Spool, lang: Lang) -> None:
    """Write CSV in UTF-8 with a byte order mark, by which Excel recognises UTF-8."""
    stream.write(BOM_UTF8)
    writer = csv.writer(_Utf8(stream))
    headings = [*spool.columns(), *_for_people(spool, lang)]
    writer.writerow([csv_cell(heading) for heading in headings])
    for row in spool.rows():
        writer.writerow([csv_cell(cell) for cell in (*row.cells, *row.outcome.texts(lang))])


def write_jsonl(stream: BinaryIO, spool: Spool, lang: Lang) -> None:
    """Write one object for each row: the carried cells that are not empty, then the added columns."""
    carried = list(spool.columns())
    added = added_headings(carried, HEADINGS)
    for row in spool.rows():
        data = {heading: cell for heading, cell in zip(carried, row.cells, strict=True) if cell is not None}
        data |= zip(added, _added(row), strict=True)
        stream.write(json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")


def _added(row: SpooledRow) -> list[Any]:
    return [getattr(row.outcome, name) for name in HEADINGS]


def write_parquet(stream: BinaryIO, spool: Spool, lang: Lang) -> None:
    """Write Parquet with typed columns; rules, titles, reasons and fixes are lists."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only this needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {
        "bool": pa.bool_(), "int": pa.int64(), "float": pa.float64(), "date": pa.date32(),
        "datetime": pa.timestamp("us"), "str": pa.string(), "json": pa.string(),
    }  # fmt: skip
    kinds = spool.columns()
    added = added_headings(kinds, HEADINGS)
    schema = pa.schema(
        [
            *((heading, types[kind]) for heading, kind in kinds.items()),
            *(
                (heading, pa.list_(pa.string()) if name in _LISTS else pa.string())
                for heading, name in zip(added, HEADINGS, strict=True)
            ),
        ]
    )
    rows = spool.rows()
    with pq.ParquetWriter(stream, schema) as writer:
        while group := list(islice(rows, _GROUP)):
            columns = [
                [native(row.cells[number], kind) for row in group]
                for number, kind in enumerate(kinds.values())
            ]
            columns += [list(column) for column in zip(*map(_added, group), strict=True)]
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def text_cell(sheet: Any, value: object) -> Any:
    """Return a value for a row of a sheet: a text as a cell that no program takes for a formula."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - loads slowly, and only this needs it

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    if cell.data_type != "s":  # openpyxl reads “=1+1” as a formula, “#N/A” as an error
        cell.data_type = "s"
        cell.quotePrefix = True  # and Excel would, after an edit
    return cell


def write_xlsx(stream: BinaryIO, spool: Spool, lang: Lang) -> None:
    """Write a workbook row by row; a sheet that is full is followed by another one. No cell is a formula."""
    import openpyxl  # noqa: PLC0415 - loads slowly, and only this needs it
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    kinds = spool.columns()
    headings = [*kinds, *_for_people(spool, lang)]

    rows = spool.rows()
    number = 0
    while number == 0 or number * (MOST_ROWS - 1) < spool.count:
        number += 1
        sheet = book.create_sheet(say(lang, "审核结果", "results") + (f" {number}" if number > 1 else ""))
        sheet.freeze_panes = "A2"
        for position, name in enumerate(HEADINGS, start=len(kinds) + 1):
            if name in _WIDTHS:
                sheet.column_dimensions[get_column_letter(position)].width = _WIDTHS[name]
        titles = [text_cell(sheet, xlsx_cell(heading, "str")) for heading in headings]
        sheet.append(titles)
        for row in islice(rows, MOST_ROWS - 1):
            cells = [xlsx_cell(cell, kind) for cell, kind in zip(row.cells, kinds.values(), strict=True)]
            cells += [xlsx_cell(text, "str") for text in row.outcome.texts(lang)]
            sheet.append([text_cell(sheet, cell) for cell in cells])
    book.save(stream)


WRITERS: Final[Mapping[str, Callable[[BinaryIO, Spool, Lang], None]]] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".ndjson": write_jsonl,
    ".parquet": write_parquet,
    ".xlsx": write_xlsx,
}
"""By file extension."""
