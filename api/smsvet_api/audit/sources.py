"""Turns the input files into sources: Parquet files with known columns. All other formats are converted once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

from ..files.columns import BY_NAME, Columns
from ..files.inputs import read_rows, reading_of
from ..files.parquet import check_bounds
from ..files.rows import InputError, Row, Unreadable
from ..files.tables import parquet_columns
from ..files.whole_file import replacing
from ..files.words import plain, provider_of
from ..wording import say
from .inputs import InputFile, check_unchanged, is_json
from .output_tables import own_columns

TOGETHER: Final = 4096
GROUP: Final = 50_000
"""Rows of a row group of a converted file."""
MOST_COLUMNS: Final = 1_000
KEY: Final = b"smsvet.columns"
"""Metadata key of a converted file: the names of its input's columns as a JSON array."""


Note = Callable[[str], None]
Mapped = Callable[[Sequence[tuple[str, str | None]]], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A Parquet file that workers read: the input itself, or its conversion."""

    path: Path
    file: InputFile
    converted: bool


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How rows become submissions: what `read_rows` takes."""

    lang: Lang
    providers: Mapping[str, str]
    provider: str | None
    columns: tuple[str, ...]


class _DamagedError(Exception):
    """A file cannot be copied as a whole; the workers read what can be read."""


def is_direct(file: InputFile, how: Interpretation) -> bool:
    """Return whether workers can read a file as it is: Parquet, and not a vendor's list answer. Raises InputError."""
    is_parquet = file.path.suffix.lower() == ".parquet"
    return is_parquet and columns_of(given_names(file, how), file.name, how) is not None


def given_names(file: InputFile, how: Interpretation) -> list[str]:
    """Return the names of a Parquet file's columns without those that an earlier audit added. Raises InputError."""
    own = set(own_columns().names)
    return [name for name in schema_of(file, how).names if name not in own]


def columns_of(
    names: Sequence[str],
    name: str,
    how: Interpretation,
    note: Note = lambda _: None,
    mapped: Mapped = lambda _: None,
) -> Columns | None:
    """Return the fields of columns with these names, None for the keys of a vendor's list answer."""
    reading = reading_of(name, how.lang, how.providers, how.provider, how.columns)
    return parquet_columns(names, replace(reading, note=note, mapped=mapped))


def schema_of(file: InputFile, how: Interpretation) -> Any:
    """Return the columns of a Parquet file, those of its partitions last. Raises InputError for a damaged file."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(file.path) as opened:
            check_bounds(opened.metadata, str(file.path), how.lang)
            schema = opened.schema_arrow.remove_metadata()
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            say(how.lang, f"{file.path}：不是 Parquet：{error}", f"{file.path}: not Parquet: {error}")
        ) from error
    return with_partitions(schema, file)


def with_partitions(schema: Any, file: InputFile) -> Any:
    """Return a schema with the partition columns of a file, which are texts."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    for name, _ in file.partitions:
        if name not in schema.names:
            schema = schema.append(pa.field(name, pa.string()))
    return schema


def rows_of(
    file: InputFile,
    how: Interpretation,
    note: Note = lambda _: None,
    mapped: Mapped = lambda _: None,
) -> Iterator[Row | Unreadable]:
    """Yield the rows of a file of any format, with the keys of its folders as columns. Raises InputError."""
    values = dict(file.partitions)
    fields: dict[str, str] = {}
    for name, value in file.partitions:
        if value is not None and plain(name) in BY_NAME:
            field = BY_NAME[plain(name)][0]
            fields[field] = provider_of(value, how.providers) if field == "provider" else value
    rows = read_rows(
        str(file.path),
        how.lang,
        how.providers,
        provider=fields.get("provider", how.provider),
        columns=() if is_json(file) else how.columns,
        note=note,
        mapped=mapped,
    )
    for row in rows:
        if not values:
            yield row
        elif isinstance(row, Unreadable):
            yield Unreadable(row.line, row.error, row.id, {**row.cells, **values})
        else:
            data = {**fields, **row.data} if isinstance(row.data, dict) else row.data
            yield Row(row.line, data, {**row.cells, **values}, row.other)


def convert(
    file: InputFile,
    how: Interpretation,
    target: Path,
    note: Note = lambda _: None,
    mapped: Mapped = lambda _: None,
) -> None:
    """Write the rows of a file as Parquet in bounded memory: line, submission, error, and the cells as JSON.

    Raises InputError for an input that cannot be read or that changes meanwhile, and OSError for the output.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pa.schema(
        [
            ("line", pa.int64()),
            ("data", pa.string()),
            ("error", pa.string()),
            ("id", pa.string()),
            ("cells", pa.string()),
        ]
    )
    names: dict[str, None] = {}
    with replacing(target) as temporary:
        with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            rows = rows_of(file, how, note, mapped)
            waiting: list[pa.RecordBatch] = []
            while some := list(islice(rows, TOGETHER)):
                for row in some:
                    names.update(dict.fromkeys(row.cells))
                if len(names) > MOST_COLUMNS:
                    raise InputError(
                        say(
                            how.lang,
                            f"{file.path}：超过 {MOST_COLUMNS} 个不同的列名",
                            f"{file.path}: more than {MOST_COLUMNS} different column names",
                        )
                    )
                waiting.append(pa.RecordBatch.from_pylist(list(map(_written, some)), schema))
                if sum(one.num_rows for one in waiting) >= GROUP:
                    writer.write_table(pa.Table.from_batches(waiting))
                    waiting = []
            if waiting:
                writer.write_table(pa.Table.from_batches(waiting))
            writer.add_key_value_metadata({KEY: json.dumps(list(names)).encode()})
        check_unchanged(file.path, file.size, file.modified, how.lang)


def regroup(file: InputFile, how: Interpretation, target: Path, rows: int) -> bool:
    """Write a copy of a Parquet file with row groups of `rows` rows, in bounded memory.

    Row groups have no index: reading a range decodes everything before it. Returns False, without a copy, if the file
    is damaged. Raises InputError for an input that changes meanwhile, and OSError for the output.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    with (
        pq.ParquetFile(file.path, pre_buffer=False, page_checksum_verification=True) as source,
        suppress(_DamagedError),
        replacing(target) as temporary,
    ):
        with pq.ParquetWriter(temporary, source.schema_arrow, compression="snappy") as writer:
            batches = source.iter_batches(batch_size=rows)
            while True:
                try:
                    batch = next(batches, None)
                except (pa.ArrowException, OSError, ValueError) as error:
                    raise _DamagedError from error
                if batch is None:
                    break
                writer.write_batch(batch, row_group_size=rows)
        check_unchanged(file.path, file.size, file.modified, how.lang)
        return True
    return False


def group_rows(source: Source) -> list[int]:
    """Return the number of rows of each row group of a source."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    metadata = pq.read_metadata(source.path)
    return [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]


def _written(row: Row | Unreadable) -> dict[str, object]:
    cells = json.dumps({name: cell_text(cell) for name, cell in row.cells.items()})
    if isinstance(row, Unreadable):
        identity = None if row.id is None else cell_text(row.id)
        return {"line": row.line, "data": None, "error": cell_text(row.error), "id": identity, "cells": cells}
    data = json.dumps(row.data, default=str)
    return {"line": row.line, "data": data, "error": None, "id": None, "cells": cells}


def cell_text(cell: object) -> str | None:
    """Return a cell as text: JSON for lists, objects and flags; bytes that are not text are written as escapes."""
    if cell is None:
        return None
    if isinstance(cell, bool | list | dict | tuple):
        cell = json.dumps(cell, ensure_ascii=False, default=str)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).encode("utf-8", "backslashreplace").decode()


def source_schema(source: Source, how: Interpretation) -> Any:
    """Return the input's columns of a source; those of a converted file are texts."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    if not source.converted:
        return schema_of(source.file, how)
    names = json.loads(pq.read_metadata(source.path).metadata[KEY])
    return pa.schema([(name, pa.string()) for name in names])


def joint_schema(sources: Sequence[Source], how: Interpretation) -> Any:
    """Return the columns of all sources together, in the order of first occurrence.

    Those that an earlier audit added are left out. Raises InputError if a column has two types, or if one file names a column twice.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above

    own = set(own_columns().names)
    found: dict[str, tuple[Any, str]] = {}
    for source in sources:
        schema = source_schema(source, how)
        twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
        if twice:
            raise InputError(
                say(
                    how.lang,
                    f"{source.file.name}：列名重复：{'、'.join(twice)}",
                    f"{source.file.name}: column named twice: {', '.join(twice)}",
                )
            )
        for field in schema:
            if field.name in own:
                continue
            kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            known, place = found.setdefault(field.name, (kind, source.file.name))
            if pa.types.is_null(known):
                found[field.name] = (kind, source.file.name)
            elif known != kind and not pa.types.is_null(kind):
                raise InputError(
                    say(
                        how.lang,
                        f"{source.file.name}：列 {field.name} 的类型是 {kind}，在 {place} 中是 {known}",
                        f"{source.file.name}: column {field.name} has type {kind}, but {known} in {place}",
                    )
                )
    return pa.schema([(name, kind) for name, (kind, _) in found.items()])
