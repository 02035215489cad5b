"""Reads Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from smsvet.model import Lang

from ..wording import say
from .headings import Cells, Sheet
from .rows import InputError, Reading

_BATCH = 1024


def parquet_sheets(path: Path, reading: Reading) -> list[Sheet]:
    """Return a Parquet file as one table."""
    return [Sheet("", partial(read_parquet, path, reading.lang))]


def read_parquet(path: Path, lang: Lang) -> Iterator[Cells]:
    """Yield the column names as row 0, then the rows of a Parquet file, numbered from 1."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only this needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowException as error:
        raise InputError(
            say(lang, f"{path}：不是 Parquet：{error}", f"{path}: not Parquet: {error}")
        ) from error
    with file:
        names: list[str] = file.schema_arrow.names
        yield 0, names
        line = 0
        try:
            for batch in file.iter_batches(batch_size=_BATCH):
                columns = [column.to_pylist() for column in batch.columns]
                for cells in zip(*columns, strict=True):
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
