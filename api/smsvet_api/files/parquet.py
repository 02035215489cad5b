"""Reads Parquet files in bounded memory: what the metadata says is tested first, then each batch before it is written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from smsvet.model import Lang

from ..wording import say
from .rows import Cells, InputError, too_long

MEBIBYTE = 1 << 20
MOST_GROUP = 1024 * MEBIBYTE
"""Maximum size of a row group in bytes, uncompressed."""
MOST_RATIO = 300
"""Maximum ratio of the uncompressed to the compressed size of a column in a row group, beyond one mebibyte."""
MOST_VALUES = 25_000_000
"""Maximum number of values in a row group, those inside lists included."""
MOST_ROWS = 100_000_000
"""Maximum number of rows in a file."""
MOST_COLUMNS = 256
"""Maximum number of columns; a table of submissions has fewer than thirty."""
MOST_BATCH = 64 * MEBIBYTE
"""Maximum size of the texts of the rows that are written out together, in bytes."""

_BATCH = 1024
_TEXTS = frozenset(("STRING", "NONE", "JSON", "ENUM", "BSON"))


def read_parquet(path: Path, lang: Lang) -> Iterator[Cells]:
    """Yield the column names as row 0, then the rows of a Parquet file, numbered from 1.

    A row with texts of more than MOST_BATCH bytes is an error message. Raises InputError for a file that is damaged or
    beyond the limits.
    """
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only this needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        metadata = pq.read_metadata(path)
        check_bounds(metadata, str(path), lang)
        # Texts stay references to a dictionary: written out, a small file of equal texts takes any amount of memory.
        file = pq.ParquetFile(path, read_dictionary=_text_columns(metadata))
    except InputError:
        raise
    except (pa.ArrowException, ValueError) as error:
        raise InputError(
            say(lang, f"{path}：不是 Parquet：{error}", f"{path}: not Parquet: {error}")
        ) from error
    with file:
        names: list[str] = file.schema_arrow.names
        yield 0, names
        line = 0
        try:
            for batch in file.iter_batches(batch_size=_BATCH):
                for cells in _rows(batch, lang):
                    line += 1
                    yield line, cells
        except (pa.ArrowException, ValueError) as error:
            raise InputError(
                say(
                    lang,
                    f"{path}：第 {line} 行之后的内容已损坏：{error}",
                    f"{path}: damaged after row {line}: {error}",
                )
            ) from error


def check_bounds(metadata: Any, name: str, lang: Lang) -> None:
    """Raise InputError for a file whose metadata says that it would take too much time or memory to read."""
    if metadata.num_columns > MOST_COLUMNS:
        count = metadata.num_columns
        raise InputError(
            say(
                lang,
                f"{name}：有 {count} 列，最多 {MOST_COLUMNS} 列",
                f"{name}: {count} columns, at most {MOST_COLUMNS}",
            )
        )
    if metadata.num_rows > MOST_ROWS:
        raise InputError(say(lang, f"{name}：超过 {MOST_ROWS} 行", f"{name}: more than {MOST_ROWS} rows"))
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = [group.column(place) for place in range(group.num_columns)]
        size = max(group.total_byte_size, sum(one.total_uncompressed_size for one in columns))
        if size > MOST_GROUP:
            most = MOST_GROUP // MEBIBYTE
            raise InputError(
                say(
                    lang,
                    f"{name}：第 {number + 1} 个行组解压后超过 {most} MiB",
                    f"{name}: row group {number + 1} unpacks to more than {most} MiB",
                )
            )
        if sum(one.num_values for one in columns) > MOST_VALUES:
            raise InputError(
                say(
                    lang,
                    f"{name}：第 {number + 1} 个行组超过 {MOST_VALUES} 个值",
                    f"{name}: row group {number + 1} has more than {MOST_VALUES} values",
                )
            )
        for one in columns:
            unpacked, packed = one.total_uncompressed_size, max(one.total_compressed_size, 1)
            if unpacked > MEBIBYTE and unpacked > MOST_RATIO * packed:
                raise InputError(
                    say(
                        lang,
                        f"{name}：列 {one.path_in_schema} 解压后超过压缩大小的 {MOST_RATIO} 倍",
                        f"{name}: column {one.path_in_schema} unpacks to more than {MOST_RATIO} times its size",
                    )
                )


def _text_columns(metadata: Any) -> list[str]:
    columns = map(metadata.schema.column, range(metadata.num_columns))
    return [
        one.path for one in columns if one.physical_type == "BYTE_ARRAY" and one.logical_type.type in _TEXTS
    ]


def _rows(batch: Any, lang: Lang) -> Iterator[Sequence[object] | str]:
    """Yield the cells of each row of a batch, or the error for a row that is too long."""
    size = sum(map(written_size, batch.columns))
    if size > MOST_BATCH and batch.num_rows == 1:
        yield too_long(lang)
    elif size > MOST_BATCH:
        half = batch.num_rows // 2
        yield from _rows(batch.slice(0, half), lang)
        yield from _rows(batch.slice(half), lang)
    else:
        columns = [_plain(column).to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)


def _plain(column: Any) -> Any:
    return column.dictionary_decode() if hasattr(column, "dictionary_decode") else column


def written_size(column: Any) -> int:
    """Return the bytes that the values of an Arrow array take, with each reference to a text written out."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow.compute import call_function  # noqa: PLC0415

    kind = column.type
    if pa.types.is_dictionary(kind):
        lengths = call_function("binary_length", [column.dictionary])
        return call_function("sum", [lengths.take(column.indices)]).as_py() or 0
    if pa.types.is_map(kind):
        begin, end = column.offsets[0].as_py(), column.offsets[-1].as_py()
        return sum(written_size(part.slice(begin, end - begin)) for part in (column.keys, column.items))
    if pa.types.is_nested(kind):
        parts = column.flatten()
        return sum(map(written_size, parts)) if pa.types.is_struct(kind) else written_size(parts)
    size: int = column.nbytes
    return size
