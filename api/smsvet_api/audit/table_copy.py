"""Copies a table of a database to Parquet, once for a run; all later reading is from the copy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from smsvet import MissingExtraError
from smsvet.extras import check_installed
from smsvet.model import Lang, Said

from ..files.parquet import MEBIBYTE, MOST_COLUMNS
from ..files.rows import InputError
from ..files.whole_file import replacing
from ..store.table_address import TableAddress
from ..wording import say
from .inputs import InputFile
from .plan import WORK, unfinished

COPY: Final = "table.parquet"
"""Name of the copy in the work folder of a run."""
STAGED: Final = ".table.parquet"
"""Name of the copy in the output folder, until its run is known."""
GROUP: Final = 10_000
"""Maximum number of rows of a row group."""
MOST_BYTES: Final = 64 * MEBIBYTE
"""Size from which a row group is written with fewer rows."""
NEEDED: Final = {"postgresql": (("sqlalchemy", "psycopg"), "postgres"), "sqlite": (("sqlalchemy",), "audit")}
"""Dialect -> the packages that read it, and their extra."""


def staged_table(address: TableAddress, out: Path, lang: Lang, limit: int | None, new_run: bool) -> InputFile:
    """Return the copy of an unfinished run of this table, else a new copy in the folder `out`.

    With `new_run`, the copy leaves the folder of its run, which may be discarded. Raises InputError if the table cannot be read, and OSError for the output.
    """
    for folder, plan in unfinished(out):
        copy = folder / WORK / COPY
        for one in plan["request"]["inputs"]:
            if one["name"] == address.name and "key" in one and copy.is_file():
                found = as_input(address, copy, one["key"])
                if found.identity() == one:
                    return replace(found, path=copy.replace(out / STAGED)) if new_run else found
    return copy_table(address, out / STAGED, lang, limit)


def moved_copy(copy: InputFile, run: Path) -> InputFile:
    """Move a staged copy to its run, and return it at its place. Raises OSError."""
    target = run / WORK / COPY
    target.parent.mkdir(exist_ok=True)
    copy.path.replace(target)
    return replace(copy, path=target.resolve())


def copy_table(address: TableAddress, target: Path, lang: Lang, limit: int | None = None) -> InputFile:
    """Write a table, or its first `limit` rows, as Parquet and return the copy as an input, named as the table.

    Raises InputError if the table cannot be read, and OSError for the output.
    """
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it
    import pyarrow.parquet as pq  # noqa: PLC0415

    check_drivers(address, lang)
    from ..store.table_pages import opened  # noqa: PLC0415 - needs an extra

    with opened(address, lang, limit) as table:
        if len(table.columns) > MOST_COLUMNS:
            count = len(table.columns)
            raise InputError(
                say(
                    lang,
                    f"{address.shown}：有 {count} 列，最多 {MOST_COLUMNS} 列",
                    f"{address.shown}: {count} columns, at most {MOST_COLUMNS}",
                )
            )
        schema = pa.schema([(one.name, _type(one)) for one in table.columns])
        # Texts that compress too well would be refused when they are read: snappy does not reach that ratio.
        with (
            replacing(target) as temporary,
            pq.ParquetWriter(temporary, schema, compression="snappy") as writer,
        ):
            waiting: list[Any] = []
            for page in table.pages:
                waiting.append(_batch(page, table.columns, schema))
                rows, size = (sum(getattr(one, name) for one in waiting) for name in ("num_rows", "nbytes"))
                if rows >= GROUP or size >= MOST_BYTES:
                    writer.write_table(pa.Table.from_batches(waiting))
                    waiting = []
            if waiting:
                writer.write_table(pa.Table.from_batches(waiting))
        key = table.key
    return as_input(address, target, key)


def as_input(address: TableAddress, copy: Path, key: Sequence[str]) -> InputFile:
    """Return a finished copy as an input. Raises OSError."""
    status = copy.stat()
    with copy.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return InputFile(copy.resolve(), address.name, status.st_size, status.st_mtime_ns, digest, key=tuple(key))


def check_drivers(address: TableAddress, lang: Lang) -> None:
    """Raise InputError, naming the extra, if a package that reads the database cannot be imported."""
    packages, extra = NEEDED[address.dialect]
    purpose = Said("读取数据库表", "Reading a table of a database")
    try:
        check_installed(packages, extra, purpose)
        if address.dialect == "postgresql":
            import_module("psycopg")  # fails without the library of PostgreSQL
    except MissingExtraError as error:
        raise InputError(
            say(lang, f"{address.shown}：{error.chinese}", f"{address.shown}: {error}")
        ) from error
    except ImportError as error:
        command = f"pip install 'smsvet[{extra}]'"
        raise InputError(
            say(
                lang,
                f"{address.shown}：psycopg 无法加载（{error}）：{command}",
                f"{address.shown}: psycopg cannot be loaded ({error}): {command}",
            )
        ) from error


def _type(one: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - as above

    if one.kind == "decimal":
        return pa.decimal128(one.digits, one.scale)
    return {"integer": pa.int64(), "real": pa.float64(), "flag": pa.bool_(), "text": pa.string()}[one.kind]


def _batch(page: Sequence[Sequence[Any]], columns: Sequence[Any], schema: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - as above

    from ..store.table_pages import plain  # noqa: PLC0415 - as above

    arrays = [
        pa.array([plain(row[number], one) for row in page], schema.field(number).type)
        for number, one in enumerate(columns)
    ]
    return pa.record_batch(arrays, schema=schema)
