"""Writes the two tables of a finished run as CSV, JSON Lines or xlsx too, for people and tools without Parquet."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

from ..files.results.cells import csv_cell, packed, xlsx_cell
from ..files.results.formats import text_cell
from ..files.rows import InputError
from ..files.whole_file import replacing
from ..files.workbook_bounds import MOST_ROWS
from ..wording import say
from .durable import write_json
from .plan import MANIFEST
from .shard_files import FINDINGS, VERDICTS

PARQUET: Final = "parquet"
"""The format of the tables themselves, which is always written."""
_TOGETHER: Final = 1024

Rows = Iterator[Sequence[Any]]


def parse_formats(given: Sequence[str], lang: Lang) -> tuple[str, ...]:
    """Return the formats that `--format` names, without Parquet. Raises InputError."""
    known = (PARQUET, *WRITERS)
    for one in given:
        if one not in known:
            names = ", ".join(known)
            raise InputError(
                say(lang, f"--format {one}：未知；可用：{names}", f"--format {one}: unknown; known: {names}")
            )
    return tuple(one for one in WRITERS if one in given)


def with_exports(folder: Path, manifest: dict[str, Any], formats: Sequence[str]) -> dict[str, Any]:
    """Write the tables of a finished run in the formats that its manifest lacks; return the new manifest.

    Raises OSError. The digest of the run stays: it is that of the Parquet files.
    """
    exports = list(manifest.get("exports", ()))
    written = {Path(one["name"]).suffix.removeprefix(".") for one in exports}
    wanted = [one for one in formats if one not in written]
    if not wanted:
        return manifest
    for one in wanted:
        for table in (FINDINGS, VERDICTS):
            exports += WRITERS[one](folder, table)
    manifest = {**manifest, "exports": sorted(exports, key=lambda one: str(one["name"]))}
    write_json(folder / MANIFEST, manifest)
    return manifest


def exported_files(folder: Path) -> list[Path]:
    """Return the files of a run that hold one of its tables in another format."""
    return sorted(
        path for one in WRITERS for table in (FINDINGS, VERDICTS) for path in folder.glob(f"{table}*.{one}")
    )


def described(path: Path, rows: int) -> dict[str, Any]:
    """Return name, rows, bytes and SHA-256 of an exported file. Raises OSError."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"name": path.name, "rows": rows, "bytes": path.stat().st_size, "sha256": digest}


def _table(folder: Path, table: str) -> tuple[list[str], Rows]:
    """Return the columns of a table, and its rows in the order of the input."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - loads slowly, and only an audit needs it

    paths = sorted((folder / table).glob("*.parquet"))
    names: list[str] = pq.read_schema(paths[0]).names
    return names, chain.from_iterable(map(_rows, paths))


def _rows(path: Path) -> Rows:
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_TOGETHER):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _write_csv(folder: Path, table: str) -> list[dict[str, Any]]:
    """Write CSV in UTF-8 with a byte order mark. No cell is a formula."""
    names, rows = _table(folder, table)
    path, count = folder / f"{table}.csv", 0
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(map(csv_cell, names))
        for row in rows:
            writer.writerow([csv_cell(packed(cell)[1]) for cell in row])
            count += 1
    return [described(path, count)]


def _write_jsonl(folder: Path, table: str) -> list[dict[str, Any]]:
    """Write one JSON object for each row."""
    names, rows = _table(folder, table)
    path, count = folder / f"{table}.jsonl", 0
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            data = {name: packed(cell)[1] for name, cell in zip(names, row, strict=True)}
            stream.write(json.dumps(data, ensure_ascii=False) + "\n")
            count += 1
    return [described(path, count)]


def _write_xlsx(folder: Path, table: str) -> list[dict[str, Any]]:
    """Write workbooks, each with as many rows as a sheet holds. No cell is a formula."""
    names, rows = _table(folder, table)
    found: list[dict[str, Any]] = []
    for stale in folder.glob(f"{table}*.xlsx"):
        stale.unlink()
    first = next(rows, None)
    while first is not None or not found:
        part = chain(() if first is None else (first,), islice(rows, MOST_ROWS - 2))
        path = folder / (f"{table}-{len(found) + 1}.xlsx" if found else f"{table}.xlsx")
        found.append(described(path, _write_workbook(path, table, names, part)))
        first = next(rows, None)
    return found


def _write_workbook(path: Path, table: str, names: Sequence[str], rows: Rows) -> int:
    import openpyxl  # noqa: PLC0415 - loads slowly, and only this needs it

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(table)
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, xlsx_cell(name, "str")) for name in names])
    count = 0
    for row in rows:
        kinds = map(packed, row)
        sheet.append([text_cell(sheet, xlsx_cell(value, kind or "str")) for kind, value in kinds])
        count += 1
    with replacing(path) as temporary:
        book.save(temporary)
    return count


WRITERS: Final[Mapping[str, Callable[[Path, str], list[dict[str, Any]]]]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "xlsx": _write_xlsx,
}
"""Format -> the function that writes a table of a run, and returns the descriptions of the files."""
