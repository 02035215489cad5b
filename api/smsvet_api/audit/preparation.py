"""Prepares a run: the Parquet files that workers read, and the shards of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .inputs import InputFile, check_columns
from .reading import ShardReader
from .shards import MOST_OF_A_GROUP, Shard, cut, limited, shard_size
from .sources import (
    Interpretation,
    Mapped,
    Note,
    Source,
    columns_of,
    convert,
    given_names,
    group_rows,
    is_direct,
    regroup,
)


def sources_of(
    files: Sequence[InputFile],
    how: Interpretation,
    work: Path,
    shard_rows: int | None,
    note: Note,
    mapped: Mapped,
) -> tuple[tuple[Source, ...], int]:
    """Return the files that workers read and the rows of a shard.

    Files that are not Parquet are converted, and Parquet files with large row groups are copied with smaller ones, both
    into the folder `work`. `mapped` receives the fields of the columns, once for Parquet files with the same columns.
    Raises InputError and OSError.
    """
    check_columns(files, how.columns, how.lang)
    sources: list[Source] = []
    for number, file in enumerate(files):
        if is_direct(file, how):
            sources.append(Source(file.path, file, converted=False))
            continue
        target = work / f"input-{number:05}.parquet"
        if not target.exists():
            convert(file, how, target, note, mapped)
        sources.append(Source(target, file, converted=True))
    groups = list(map(group_rows, sources))
    size = shard_rows or shard_size(sum(map(sum, groups)))
    for number, (source, counts) in enumerate(zip(sources, groups, strict=True)):
        if not source.converted and max(counts, default=0) > MOST_OF_A_GROUP * size:
            target = work / f"input-{number:05}.parquet"
            if target.exists() or regroup(source.file, how, target, size):
                sources[number] = replace(source, path=target)
    _announce(sources, how, note, mapped)
    return tuple(sources), size


def _announce(sources: Sequence[Source], how: Interpretation, note: Note, mapped: Mapped) -> None:
    """Pass on the fields of the Parquet columns, once for files with the same columns."""
    seen: set[tuple[str, ...]] = set()
    for one in sources:
        names = () if one.converted else tuple(given_names(one.file, how))
        if names and names not in seen:
            seen.add(names)
            columns_of(names, one.file.name, how, note, mapped)


def shards_of(reader: ShardReader, sources: Sequence[Source], size: int, limit: int | None) -> list[Shard]:
    """Return the shards that hold the first `limit` rows, each with the number of rows that are kept.

    Raises InputError for an input that cannot be read.
    """
    shards = cut(list(map(group_rows, sources)), size)
    if reader.selects:
        left = limit
        counted: list[Shard] = []
        for one in shards:
            if left is not None and left <= 0:
                break
            counted.append(replace(one, kept=reader.count(one)))
            left = None if left is None else left - counted[-1].kept
        shards = counted
    return limited(shards, limit)
