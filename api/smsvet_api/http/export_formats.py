"""Writes the rows of an export as CSV or Parquet, window by window."""

from __future__ import annotations

import csv
import io
import json
from codecs import BOM_UTF8
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any, Protocol

from ..files.results.cells import csv_cell, well_formed
from ..store.exporting import Row
from ..store.instants import text_of
from ..store.trail.checkpoints import Checkpoint

_NUMBERS = ("submission", "resolution", "case")
_MOMENTS = ("received_at", "final_at", "decided_at", "withdrawn_at")
_SWITCHES = ("blind",)


class Writer(Protocol):
    """Writes windows of rows; each call returns the bytes that are complete."""

    def begin(self) -> bytes:
        """Return the bytes before the rows."""
        ...

    def write(self, rows: Sequence[Row]) -> bytes:
        """Return the bytes of a window."""
        ...

    def end(self) -> bytes:
        """Return the bytes after the rows."""
        ...


class CsvWriter:
    """CSV in UTF-8 with a byte order mark, by which Excel recognises UTF-8. No cell is read as a formula."""

    media_type = "text/csv; charset=utf-8"

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = columns

    def begin(self) -> bytes:
        """Return the byte order mark and the headings."""
        return BOM_UTF8 + self._lines([self.columns])

    def write(self, rows: Sequence[Row]) -> bytes:
        """Return the lines of a window."""
        return self._lines([[_shown(row[name]) for name in self.columns] for row in rows])

    def end(self) -> bytes:
        """Return nothing: CSV has no end."""
        return b""

    @staticmethod
    def _lines(lines: Sequence[Sequence[Any]]) -> bytes:
        stream = io.StringIO()
        csv.writer(stream).writerows([[csv_cell(cell) for cell in line] for line in lines])
        return stream.getvalue().encode("utf-8", "replace")


class ParquetWriter:
    """Parquet with a row group for each window. The file's metadata have the checkpoint of the trail."""

    media_type = "application/vnd.apache.parquet"

    def __init__(self, columns: Sequence[str], checkpoint: Checkpoint) -> None:
        import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only this needs it
        import pyarrow.parquet as pq  # noqa: PLC0415

        types: dict[str, Any] = {}
        types |= {name: pa.int64() for name in _NUMBERS}
        types |= {name: pa.bool_() for name in _SWITCHES}
        types |= {name: pa.timestamp("us", tz="UTC") for name in _MOMENTS}
        self._arrow = pa
        self._schema = pa.schema(
            [(name, types.get(name, pa.string())) for name in columns],
            metadata={"smsvet.checkpoint": json.dumps(checkpoint.document())},
        )
        self._sink = io.BytesIO()
        self._writer = pq.ParquetWriter(self._sink, self._schema)

    def begin(self) -> bytes:
        """Return the mark with which a file begins."""
        return self._taken()

    def write(self, rows: Sequence[Row]) -> bytes:
        """Return the row group of a window; nothing without rows."""
        if rows:
            plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
            self._writer.write_table(self._arrow.Table.from_pylist(plain, schema=self._schema))
        return self._taken()

    def end(self) -> bytes:
        """Return the footer."""
        self._writer.close()
        return self._taken()

    def _taken(self) -> bytes:
        """Return the bytes that were written since the last call. The writer counts its own position."""
        written = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return written


def parquet_is_there() -> bool:
    """Return whether Parquet can be written."""
    return find_spec("pyarrow") is not None


def _shown(value: Any) -> Any:
    return text_of(value) if isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    return well_formed(value) if isinstance(value, str) else value
