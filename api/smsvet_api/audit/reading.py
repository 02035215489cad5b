"""Reads a shard: the input's columns as they are, and the submission of each row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any, Final

from ..files.cells import CellError
from ..files.columns import Columns
from ..files.rows import InputError, Row, Unreadable
from ..wording import say
from .hashing import hash64
from .inputs import check_unchanged
from .shards import Shard
from .sources import Interpretation, Source, columns_of, given_names
from .where import parse_where

SLICE: Final = 4096
"""Rows that are read together."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a shard: their cells, and the submission data or the error of each, with its row number."""

    cells: Any
    rows: list[Row | Unreadable]


class ShardReader:
    """Reads the shards of all sources of a run."""

    def __init__(
        self,
        sources: tuple[Source, ...],
        schema: Any,
        how: Interpretation,
        where: str | None = None,
        sample: float | None = None,
    ) -> None:
        self.sources = sources
        self.schema = schema
        self.how = how
        self.where = None if where is None else parse_where(where, schema, how.lang)
        self.sample = sample
        self.columns: dict[str, tuple[list[str], Columns]] = {}
        """The columns of each Parquet file that was opened, by the name of the file."""

    @property
    def selects(self) -> bool:
        """Return whether rows are left out by `--where` or `--sample`."""
        return self.where is not None or self.sample is not None

    def slices(self, shard: Shard) -> Iterator[Slice]:
        """Yield the kept rows of a shard; those of a damaged part of a Parquet file have an error.

        Raises InputError for an input that cannot be read or has changed.
        """
        import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

        source = self.sources[shard.source]
        file, left = source.file, shard.kept
        check_unchanged(file.path, file.size, file.modified, self.how.lang)
        read, damage = 0, None
        ranges = _ranges(source, shard)
        while left:
            try:
                found = next(ranges, None)
            except (pa.ArrowException, OSError, ValueError) as error:
                check_unchanged(file.path, file.size, file.modified, self.how.lang)
                if source.converted or not is_damage(error):
                    raise InputError(_unreadable(source, shard, error, self.how)) from error
                damage, found = error, None
            if found is not None:
                read += found[1].num_rows
                kept = self._kept(source, shard, *found)
            elif damage is not None and read < shard.rows:
                kept = self.lost(
                    source, range(shard.before + read + 1, shard.before + shard.rows + 1), damage
                )
                read = shard.rows
            else:
                break
            kept = Slice(kept.cells.slice(0, left), kept.rows[:left])
            left -= len(kept.rows)
            if kept.rows:
                yield kept
        check_unchanged(file.path, file.size, file.modified, self.how.lang)

    def _kept(self, source: Source, shard: Shard, first: int, table: Any) -> Slice:
        import pyarrow as pa  # noqa: PLC0415 - as above

        try:
            return self.selected(self.read(source, first, table), source)
        except (pa.ArrowException, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(_unreadable(source, shard, error, self.how)) from error

    def lost(self, source: Source, numbers: range, damage: Exception) -> Slice:
        """Return the rows of a damaged part of a Parquet file: without cells, and with an error each.

        `--where` cannot be tested on them, so that none is left out.
        """
        import pyarrow as pa  # noqa: PLC0415 - as above

        why = " ".join(str(damage).split())
        message = say(
            self.how.lang, f"Parquet 内容已损坏，无法读取：{why}", f"damaged Parquet, cannot be read: {why}"
        )
        rows: list[Row | Unreadable] = [Unreadable(number, message) for number in numbers]
        if self.sample is not None:
            rows = [row for row in rows if in_sample(row, source.file.name, self.sample)]
        nothing = pa.table({"": pa.nulls(len(rows))})
        return Slice(self._cells(source, nothing), rows)

    def count(self, shard: Shard) -> int:
        """Return how many rows of a shard `--where` and `--sample` leave."""
        return sum(len(one.rows) for one in self.slices(shard)) if self.selects else shard.rows

    def read(self, source: Source, first: int, table: Any) -> Slice:
        """Return rows of a source; `first` is the number of rows of the source before them."""
        if source.converted:
            return self._converted(table)
        cells = self._cells(source, table)
        names, columns = self._columns(source)
        rows = submissions(cells.select(names), columns, first + 1)
        if source.file.key:
            rows = identified(rows, table.select(list(source.file.key)))
        return Slice(cells, list(rows))

    def _columns(self, source: Source) -> tuple[list[str], Columns]:
        """Return the names of a Parquet file's columns, and their fields."""
        name = source.file.name
        if name not in self.columns:
            names = given_names(source.file, self.how)
            columns = columns_of(names, name, self.how)
            if columns is None:
                raise InputError(name)
            self.columns[name] = names, columns
        return self.columns[name]

    def _cells(self, source: Source, table: Any) -> Any:
        """Return a table with the columns of the run, in their order and types."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        values = dict(source.file.partitions)
        arrays = []
        for field in self.schema:
            if field.name in table.column_names:
                arrays.append(table[field.name].cast(field.type))
            elif field.name in values:
                arrays.append(pa.array([values[field.name]] * table.num_rows, pa.string()).cast(field.type))
            else:
                arrays.append(pa.nulls(table.num_rows, field.type))
        return pa.table(arrays, schema=self.schema)

    def _converted(self, table: Any) -> Slice:
        import pyarrow as pa  # noqa: PLC0415 - as above

        given = [json.loads(text) for text in table["cells"].to_pylist()]
        arrays = [
            pa.array([one.get(field.name) for one in given], pa.string()).cast(field.type)
            for field in self.schema
        ]
        rows = [
            Unreadable(line, error, identity) if error is not None else Row(line, json.loads(data))
            for line, data, error, identity in zip(
                *(table[name].to_pylist() for name in ("line", "data", "error", "id")), strict=True
            )
        ]
        return Slice(pa.table(arrays, schema=self.schema), rows)

    def selected(self, one: Slice, source: Source) -> Slice:
        """Return the rows that meet `--where` and belong to the sample."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        places = list(range(len(one.rows)))
        if self.where is not None:
            numbered = one.cells.append_column("\0", pa.array(places, pa.int64()))
            places = numbered.filter(self.where)["\0"].to_pylist()
        if self.sample is not None:
            places = [place for place in places if in_sample(one.rows[place], source.file.name, self.sample)]
        if len(places) == len(one.rows):
            return one
        return Slice(one.cells.take(pa.array(places, pa.int64())), [one.rows[place] for place in places])


def in_sample(row: Row | Unreadable, name: str, share: float) -> bool:
    """Return whether a row belongs to a sample: by the hash of its id, else of its file and row number."""
    if isinstance(row, Unreadable):
        identity = row.id
    else:
        identity = row.data.get("id") if isinstance(row.data, Mapping) else None
    key = f"{name}\0{row.line}" if identity is None else str(identity)
    return hash64(key) < share * (1 << 64)


def submissions(cells: Any, columns: Columns, first: int) -> Iterator[Row | Unreadable]:
    """Yield the submission data of each row of a table, or its error; `first` is the number of the first row."""
    read = [
        cells.column(number).to_pylist()
        if number < len(columns.fields) and columns.fields[number]
        else repeat(None)
        for number in range(cells.num_columns)
    ]
    for line, row in zip(range(first, first + cells.num_rows), zip(*read, strict=False), strict=False):
        try:
            yield Row(line, columns.record(row))
        except CellError as error:
            yield Unreadable(line, str(error))


def identified(rows: Iterator[Row | Unreadable], keys: Any) -> Iterator[Row | Unreadable]:
    """Yield rows, each without an id with its primary key as id; the parts of a key are joined by commas."""
    parts = zip(*(column.to_pylist() for column in keys.columns), strict=True)
    for row, key in zip(rows, parts, strict=True):
        identity = ",".join(map(str, key))
        if isinstance(row, Unreadable):
            yield row if row.id is not None else replace(row, id=identity)
        else:
            data = {"id": identity, **row.data} if isinstance(row.data, dict) else row.data
            yield replace(row, data=data)


def _ranges(source: Source, shard: Shard) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a shard as tables, each with the number of rows of the source before it."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    end, place = shard.first + shard.rows, 0
    with pq.ParquetFile(source.path, pre_buffer=False, page_checksum_verification=True) as file:
        for batch in file.iter_batches(batch_size=SLICE, row_groups=[shard.group]):
            low, high = max(place, shard.first), min(place + batch.num_rows, end)
            if low < high:
                before = shard.before - shard.first + low
                yield before, pa.Table.from_batches([batch.slice(low - place, high - low)])
            place += batch.num_rows
            if place >= end:
                return
    raise ValueError(f"{place} < {end}")


def is_damage(error: Exception) -> bool:
    """Return whether an error of pyarrow is about the content of a file, not about memory or the device."""
    return not isinstance(error, MemoryError) and getattr(error, "errno", None) is None


def _unreadable(source: Source, shard: Shard, error: Exception, how: Interpretation) -> str:
    first, last = shard.before + 1, shard.before + shard.rows
    return say(
        how.lang,
        f"{source.file.path}：第 {first} 至 {last} 行无法读取：{error}",
        f"{source.file.path}: rows {first} to {last} cannot be read: {error}",
    )
