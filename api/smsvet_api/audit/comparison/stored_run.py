"""Reads a finished run as one side of a comparison, one shard at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

from ...files.columns import Columns
from ...files.rows import InputError
from ...files.words import plain
from ...wording import say
from ..manifest import read_manifest, run_folder
from ..output_tables import own_columns
from ..shard_files import FINDINGS, VERDICTS
from ..sources import Interpretation, columns_of
from .dimensions import ACCOUNTS, accounts, grandfathered, purposes
from .transitions import NAMES

ROW_BITS: Final = 40


@dataclass(frozen=True, slots=True)
class Part:
    """Some items of one side, as Arrow tables with a row for each item.

    `side` has `key`, which ascends in the order of the input, `file`, `row`, `id`, `decision` (an index of NAMES, null for a
    row with an error), `rules` (lists of rule and decision), `faults`, `provider`, `purpose`, `account` and `grandfathered`.
    `cells` are the columns of the input.
    """

    side: Any
    cells: Any

    def take(self, places: Any) -> Part:
        """Return the items at these places."""
        return Part(self.side.take(places), self.cells.take(places))


class StoredRun:
    """A finished run. Raises InputError for an unfinished one, and for tables that are not Parquet."""

    def __init__(
        self, given: Path, providers: Mapping[str, str], lang: Lang, account: str | None = None
    ) -> None:
        self.folder = run_folder(given, lang)
        self.manifest = read_manifest(self.folder, lang)
        self.lang: Lang = lang
        self.account_column = account
        options = self.manifest["options"]
        self.how = Interpretation(lang, providers, options["provider"], tuple(options["column"]))
        self.names = {one["name"]: number for number, one in enumerate(self.manifest["inputs"])}
        shards = sorted(one["name"] for one in self.manifest["files"])
        self.verdict_files = [name for name in shards if name.startswith(f"{VERDICTS}/")]
        if not all(name.endswith(".parquet") for name in self.verdict_files):
            raise InputError(
                say(
                    lang,
                    f"{self.folder}：只能比较以 Parquet 写出的运行",
                    f"{self.folder}: only runs written as Parquet can be compared",
                )
            )

    @property
    def id(self) -> str:
        """Return the id of the run."""
        return str(self.manifest["run"])

    @cached_property
    def input_columns(self) -> list[str]:
        """Return the names of the input's columns."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - loads slowly, and only an audit needs it

        own = set(own_columns().names)
        schema = pq.read_schema(self.folder / self.verdict_files[0]) if self.verdict_files else []
        return [
            field.name for field in schema if not field.name.startswith("smsvet_") and field.name not in own
        ]

    @cached_property
    def columns(self) -> Columns | None:
        """Return the fields of the input's columns; None if they cannot be recognised."""
        try:
            return columns_of(self.input_columns, "rows.parquet", self.how)
        except InputError:
            return None

    @cached_property
    def account(self) -> str | None:
        """Return the column with the account: the named one, else the first whose heading means an account.

        Raises InputError if the named column does not exist.
        """
        if self.account_column is not None:
            self.check_column("--account", self.account_column)
            return self.account_column
        named = (name for name in self.input_columns if plain(name) in ACCOUNTS)
        return next(named, None) or self._column("account.name") or self._column("account")

    def check_column(self, option: str, name: str) -> None:
        """Raise InputError if the input has no column of this name."""
        if name not in self.input_columns:
            known = ", ".join(self.input_columns)
            raise InputError(
                say(
                    self.lang,
                    f"{option}：没有列 {name}；现有：{known}",
                    f"{option}: no column {name}; there are: {known}",
                )
            )

    def parts(self) -> Iterator[Part]:
        """Yield the items of each shard, in the order of the input. Raises InputError for a damaged file."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        for name in self.verdict_files:
            try:
                yield self._part(name)
            except (pa.ArrowException, OSError, KeyError) as error:
                raise self._damaged(name, error) from error

    @property
    def lang_of_messages(self) -> Lang:
        """Return the language of the messages in the table `findings`."""
        return "en" if self.manifest["options"]["lang"] == "en" else "zh"

    def rows_at(self, places: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Yield file, row and the input's cells of some items."""
        for table in self._filtered(self.verdict_files, ("smsvet_file", "smsvet_row"), places):
            for row in table.to_pylist():
                yield row["smsvet_file"], row["smsvet_row"], row

    def findings_at(self, places: Sequence[tuple[str, int]]) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table `findings` for some items, without advice."""
        files = [f"{FINDINGS}/{name.removeprefix(f'{VERDICTS}/')}" for name in self.verdict_files]
        for table in self._filtered(files, ("file", "row"), places):
            yield from (row for row in table.to_pylist() if row["decision"] != NAMES[0])

    def _filtered(
        self, files: Sequence[str], names: tuple[str, str], places: Sequence[tuple[str, int]]
    ) -> Iterator[Any]:
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute
        by_file: dict[str, list[int]] = {}
        for file, row in places:
            by_file.setdefault(file, []).append(row)
        conditions = [
            (pc.field(names[0]) == file) & pc.field(names[1]).isin(rows) for file, rows in by_file.items()
        ]
        if not conditions:
            return
        wanted = reduce(or_, conditions)
        for name in files:
            try:
                yield read_file(self.folder / name, filters=wanted)
            except (pa.ArrowException, OSError) as error:
                raise self._damaged(name, error) from error

    def decisions(self) -> Iterator[tuple[Any, list[int | None]]]:
        """Yield keys and decisions of each shard. Raises InputError for a damaged file."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute  # its functions are made when it is imported
        names = ["smsvet_file", "smsvet_row", "smsvet_decision"]
        for name in self.verdict_files:
            try:
                table = read_file(self.folder / name, columns=names).combine_chunks()
            except (pa.ArrowException, OSError) as error:
                raise self._damaged(name, error) from error
            decisions = pc.index_in(table["smsvet_decision"], pa.array(NAMES))
            yield self._keys(table).to_numpy(), decisions.to_pylist()

    def _damaged(self, name: str, error: Exception) -> InputError:
        return InputError(
            say(
                self.lang,
                f"{self.folder / name}：无法读取：{error}",
                f"{self.folder / name}: cannot be read: {error}",
            )
        )

    def _keys(self, table: Any) -> Any:
        """Return a number for each row: by file, then by row."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute
        encoded = table["smsvet_file"].combine_chunks().dictionary_encode()
        numbers = pa.array(
            [self.names[one] << ROW_BITS for one in encoded.dictionary.to_pylist()], pa.int64()
        )
        return pc.add(numbers.take(encoded.indices), table["smsvet_row"])

    def _part(self, name: str) -> Part:
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute  # its functions are made when it is imported
        table = read_file(self.folder / name).combine_chunks()
        side = pa.table(
            {
                "key": self._keys(table),
                "file": table["smsvet_file"],
                "row": table["smsvet_row"],
                "id": table["smsvet_id"],
                "decision": pc.index_in(table["smsvet_decision"], pa.array(NAMES)),
                "rules": self._rules(name, table),
                "faults": table["smsvet_faults"],
                "provider": pc.fill_null(table["smsvet_provider"], ""),
                "purpose": purposes(table, self._column("purpose")),
                "account": accounts(table, self.account),
                "grandfathered": grandfathered(table),
            }
        )
        return Part(side, table.select(self.input_columns))

    def _rules(self, name: str, table: Any) -> Any:
        """Return for each row the list of its rules with their decisions, without advice; a fault counts as one."""
        import numpy as np  # noqa: PLC0415 - as above
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute
        path = self.folder / FINDINGS / name.removeprefix(f"{VERDICTS}/")
        found = read_file(path, columns=["row", "rule", "decision"])
        found = found.filter(pc.not_equal(found["decision"], NAMES[0])).combine_chunks()
        ranks = pc.index_in(found["decision"], pa.array(NAMES)).cast(pa.int8())
        # Both tables are in the order of the input, and a shard is part of one file.
        rows, numbers = table["smsvet_row"].to_numpy(), found["row"].to_numpy()
        offsets = np.append(np.searchsorted(numbers, rows), len(numbers)).astype(np.int32)
        flat = pa.StructArray.from_arrays(
            [found["rule"].combine_chunks(), ranks.combine_chunks()], ["rule", "decision"]
        )
        return pa.ListArray.from_arrays(pa.array(offsets), flat)

    def _column(self, wanted: str) -> str | None:
        """Return the input's column of a field."""
        by_field = zip(self._fields(), self.input_columns, strict=True)
        return next((name for field, name in by_field if field == wanted), None)

    def _fields(self) -> list[str | None]:
        names = len(self.input_columns)
        if self.columns is None:
            return [None] * names
        fields = list(self.columns.fields)[:names]
        return [*fields, *[None] * (names - len(fields))]


def read_file(path: Path, columns: Sequence[str] | None = None, filters: Any = None) -> Any:
    """Return a Parquet file as a table, without columns from the names of its folders. Raises ArrowException and OSError."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    read: Any = pq.read_table
    return read(path, columns=columns, filters=filters, partitioning=None)
