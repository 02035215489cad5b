"""Reads a finished run as one side of a comparison, one shard at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

from ...files.columns import Columns
from ...files.rows import InputError
from ...files.words import meaning, plain
from ...wording import say
from ..manifest import read_manifest, run_folder
from ..output_tables import own_columns
from ..sources import Interpretation, columns_of
from ..worker import FINDINGS, VERDICTS
from .transitions import NAMES

ACCOUNTS: Final = frozenset(
    {
        *("account", "account id", "appid", "app id", "sdkappid", "uid", "customer", "customer id", "tenant", "client"),
        *("账号", "账号id", "账户", "账户id", "客户", "客户id", "客户名称", "客户编号", "租户", "商户", "商户号", "用户id", "应用id"),
    }
)  # fmt: skip
"""Headings of a column with the account, where none is named by an option."""
ROW_BITS: Final = 40
GRANDFATHERED: Final = "smsvet_grandfathered"
"""Column of the table `verdicts` whose rows are not empty if a baseline covers findings of the item."""


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
        by_field = {field: name for name, field in zip(self.input_columns, self._fields(), strict=True)}
        named = (name for name in self.input_columns if plain(name) in _PLAIN_ACCOUNTS)
        return next(named, None) or by_field.get("account.name") or by_field.get("account")

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

    def decisions(self) -> Iterator[tuple[Any, list[int | None]]]:
        """Yield keys and decisions of each shard. Raises InputError for a damaged file."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        pc: Any = pyarrow.compute  # its functions are made when it is imported
        names = ["smsvet_file", "smsvet_row", "smsvet_decision"]
        for name in self.verdict_files:
            try:
                table = pq.read_table(self.folder / name, columns=names, partitioning=None).combine_chunks()
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
        import pyarrow.parquet as pq  # noqa: PLC0415

        pc: Any = pyarrow.compute  # its functions are made when it is imported
        table = pq.read_table(self.folder / name, partitioning=None).combine_chunks()
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
                "purpose": self._purposes(table),
                "account": self._accounts(table),
                "grandfathered": self._grandfathered(table),
            }
        )
        return Part(side, table.select(self.input_columns))

    def _rules(self, name: str, table: Any) -> Any:
        """Return for each row the list of its rules with their decisions, without advice; a fault counts as one."""
        import numpy as np  # noqa: PLC0415 - as above
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        pc: Any = pyarrow.compute
        path = self.folder / FINDINGS / name.removeprefix(f"{VERDICTS}/")
        found = pq.read_table(path, columns=["row", "rule", "decision"], partitioning=None)
        found = found.filter(pc.not_equal(found["decision"], NAMES[0])).combine_chunks()
        ranks = pc.index_in(found["decision"], pa.array(NAMES)).cast(pa.int8())
        # Both tables are in the order of the input, and a shard is part of one file.
        rows, numbers = table["smsvet_row"].to_numpy(), found["row"].to_numpy()
        offsets = np.append(np.searchsorted(numbers, rows), len(numbers)).astype(np.int32)
        flat = pa.StructArray.from_arrays(
            [found["rule"].combine_chunks(), ranks.combine_chunks()], ["rule", "decision"]
        )
        return pa.ListArray.from_arrays(pa.array(offsets), flat)

    def _purposes(self, table: Any) -> Any:
        """Return the declared purposes, empty where none was declared or its word is unknown."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        fields = self._fields()
        column = next(
            (name for name, field in zip(self.input_columns, fields, strict=True) if field == "purpose"), None
        )
        if column is None:
            return pa.repeat("", table.num_rows)
        known: dict[tuple[Any, Any], str] = {}
        pairs = zip(_texts(table[column]), table["smsvet_provider"].to_pylist(), strict=True)
        found = []
        for pair in pairs:
            if pair not in known:
                known[pair] = (
                    (meaning("purpose", pair[0], pair[1] or "") or {}).get("purpose", "") if pair[0] else ""
                )
            found.append(known[pair])
        return pa.array(found, pa.string())

    def _accounts(self, table: Any) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - as above

        column = self.account
        if column is None:
            return pa.repeat("", table.num_rows)
        encoded = table[column].cast(pa.string()).combine_chunks().dictionary_encode()
        names = pa.array([_account_name(one) for one in encoded.dictionary.to_pylist()], pa.string())
        return names.take(encoded.indices).fill_null("")

    def _grandfathered(self, table: Any) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute  # noqa: PLC0415

        pc: Any = pyarrow.compute
        if GRANDFATHERED not in table.column_names:
            return pa.repeat(pa.scalar(False), table.num_rows)
        column = table[GRANDFATHERED]
        if pa.types.is_list(column.type):
            return pc.greater(pc.fill_null(pc.list_value_length(column), 0), 0)
        if pa.types.is_boolean(column.type):
            return pc.fill_null(column, False)
        return pc.is_valid(column)

    def _fields(self) -> list[str | None]:
        names = len(self.input_columns)
        if self.columns is None:
            return [None] * names
        fields = list(self.columns.fields)[:names]
        return [*fields, *[None] * (names - len(fields))]


def _texts(column: Any) -> list[str | None]:
    return [None if value is None else str(value) for value in column.to_pylist()]


def _account_name(text: str) -> str:
    """Return the name in the JSON of an account, else the text."""
    if not text.startswith("{"):
        return text
    try:
        data = json.loads(text)
    except ValueError:
        return text
    return str(data.get("name") or "") if isinstance(data, dict) else text


_PLAIN_ACCOUNTS: Final = frozenset(map(plain, ACCOUNTS))
