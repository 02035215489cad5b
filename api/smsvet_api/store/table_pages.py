"""Reads a table in pages by its primary key, within one snapshot: each row exactly once, whatever others write."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import NullPool

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from .table_address import TableAddress

PAGE: Final = 2_000
"""Rows that are fetched together."""
WAIT: Final = 10
"""Seconds to wait for a connection, or for a lock of SQLite."""
_MOST_DIGITS: Final = 38
"""Digits of the widest decimal column of Parquet."""
_DENIED: Final = "42501"

Kind = Literal["integer", "real", "flag", "decimal", "text"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the type of its values. `digits` and `scale` are those of a decimal."""

    name: str
    kind: Kind
    digits: int = 0
    scale: int = 0


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table within a transaction: its columns, the names of its primary key, and its rows in pages."""

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    pages: Iterator[Sequence[Sequence[Any]]]


@contextmanager
def opened(address: TableAddress, lang: Lang, limit: int | None = None) -> Iterator[OpenTable]:
    """Provide a table, or its first `limit` rows in the order of the key, as of one moment.

    Raises InputError, also for the pages: the database cannot be reached, or the table is missing, has no primary key
    or cannot be read. The message never has the password.
    """
    try:
        engine = _engine(address, lang)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", exc.SAWarning
            )  # a type of an extension: its values are read as text
            with engine.connect() as connection, connection.begin():
                yield _table(connection, address, lang, limit)
    except exc.NoSuchTableError as error:
        raise InputError(
            say(lang, f"{address.shown}：没有这个表", f"{address.shown}: no such table")
        ) from error
    except (exc.SQLAlchemyError, sqlite3.Error) as error:
        raise InputError(_message(address, error, lang)) from None  # the cause may hold the password


def _engine(address: TableAddress, lang: Lang) -> sa.Engine:
    if address.dialect == "sqlite":
        path = Path(address.rest.removeprefix("/"))
        if not path.is_file():
            raise InputError(say(lang, f"{address.shown}：没有这个文件", f"{address.shown}: no such file"))
        engine = sa.create_engine("sqlite://", creator=lambda: _connect_sqlite(path), poolclass=NullPool)
        # The driver itself begins no transaction before a SELECT.
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine
    try:
        url = sa.make_url(address.url)
    except (exc.ArgumentError, ValueError):
        raise InputError(
            say(
                lang,
                f"{address.shown}：不是数据库地址",
                f"{address.shown}: not the address of a database",
            )
        ) from None  # the cause may hold the password
    options: dict[str, Any] = {
        "prepare_threshold": None
    }  # a connection pooler cannot keep prepared statements
    if "connect_timeout" not in url.query:
        options["connect_timeout"] = WAIT
    return sa.create_engine(
        url, poolclass=NullPool, isolation_level="REPEATABLE READ", connect_args=options
    ).execution_options(postgresql_readonly=True)


def _connect_sqlite(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT, isolation_level=None
    )
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def _table(connection: sa.Connection, address: TableAddress, lang: Lang, limit: int | None) -> OpenTable:
    if address.dialect == "postgresql":
        for setting in ("DateStyle TO 'ISO'", "TimeZone TO 'UTC'", "IntervalStyle TO 'iso_8601'"):
            connection.exec_driver_sql(f"SET LOCAL {setting}")
    table = sa.Table(
        address.table, sa.MetaData(), autoload_with=connection, schema=address.schema, resolve_fks=False
    )
    key = tuple(column.name for column in table.primary_key.columns)
    if not key:
        raise InputError(
            say(
                lang,
                f"{address.shown}：没有主键，无法保证每行恰好读取一次；请建主键，或导出为文件",
                f"{address.shown}: no primary key, so that no row can be sure to be read exactly once; "
                "add one, or export the table to a file",
            )
        )
    if address.dialect == "sqlite":
        # Any column of SQLite holds values of any type, whatever its declaration says.
        table = sa.Table(address.table, sa.MetaData(), *(sa.Column(one.name) for one in table.columns))
        columns = _stored_kinds(connection, table)
        cells: list[Any] = list(table.columns)
    else:
        columns = tuple(_declared(column) for column in table.columns)
        cells = [_read(column, one) for column, one in zip(table.columns, columns, strict=True)]
    return OpenTable(columns, key, _pages(connection, table, cells, key, address, lang, limit))


def _pages(
    connection: sa.Connection,
    table: sa.Table,
    cells: Sequence[Any],
    key: Sequence[str],
    address: TableAddress,
    lang: Lang,
    limit: int | None,
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows in the order of the key. Raises InputError if they are not as many as the table has."""
    by = [table.columns[name] for name in key]
    labelled = [cell.label(f"c{number}") for number, cell in enumerate(cells)]
    keys = [column.label(f"k{number}") for number, column in enumerate(by)]
    query = sa.select(*labelled, *keys).order_by(*by)
    total = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    wanted = total if limit is None else min(limit, total)
    read = 0
    after: Sequence[Any] | None = None
    while read < wanted:
        page = query.limit(min(PAGE, wanted - read))
        if after is not None:
            last = [sa.literal(value, column.type) for value, column in zip(after, by, strict=True)]
            page = page.where(by[0] > last[0] if len(by) == 1 else sa.tuple_(*by) > sa.tuple_(*last))
        rows = connection.execute(page).all()
        if not rows:
            raise InputError(
                say(
                    lang,
                    f"{address.shown}：主键 {'、'.join(key)} 有空值，只能读到 {read} 行，共 {total} 行",
                    f"{address.shown}: the primary key {', '.join(key)} has empty values; {read} of {total} rows can be read",
                )
            )
        after = rows[-1][len(cells) :]
        read += len(rows)
        yield [row[: len(cells)] for row in rows]


def _stored_kinds(connection: sa.Connection, table: sa.Table) -> tuple[Column, ...]:
    """Return the columns of a table of SQLite with the type that all their values have."""
    counts = [
        sa.func.sum(sa.case((sa.func.typeof(column) == stored, 1), else_=0))
        for column in table.columns
        for stored in ("integer", "real", "null")
    ]
    row = connection.execute(sa.select(sa.func.count(), *counts).select_from(table)).one()
    total, found = row[0], [count or 0 for count in row[1:]]
    columns: list[Column] = []
    for number, column in enumerate(table.columns):
        integers, reals, nulls = found[3 * number : 3 * number + 3]
        kind: Kind = "text"
        if integers + reals and integers + reals + nulls == total:
            kind = "real" if reals else "integer"
        columns.append(Column(column.name, kind))
    return tuple(columns)


def _declared(column: sa.Column[Any]) -> Column:
    """Return a column of PostgreSQL; the values of types that Parquet or Python lack are read as text."""
    kind = column.type
    if isinstance(kind, sa.Integer):
        return Column(column.name, "integer")
    if isinstance(kind, sa.Boolean):
        return Column(column.name, "flag")
    if isinstance(kind, sa.Float):
        return Column(column.name, "real")
    if isinstance(kind, sa.Numeric) and kind.precision:
        digits, scale = kind.precision, kind.scale or 0
        if 0 <= scale <= digits <= _MOST_DIGITS:
            return Column(column.name, "decimal", digits, scale)
    return Column(column.name, "text")


def _read(column: sa.Column[Any], one: Column) -> sa.ColumnElement[Any]:
    if one.kind != "text" or isinstance(column.type, sa.String):
        return column
    if isinstance(column.type, sa.ARRAY):
        return sa.cast(sa.func.to_jsonb(column), postgresql.TEXT)
    return sa.cast(column, postgresql.TEXT)


def plain(value: Any, one: Column) -> Any:
    """Return a value as its column has it; a decimal that is not a number is empty."""
    if value is None:
        return None
    if one.kind == "decimal":
        return value if isinstance(value, Decimal) and value.is_finite() else None
    if one.kind == "real":
        return float(value)
    if one.kind != "text" or isinstance(value, str):
        return value
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _message(address: TableAddress, error: Exception, lang: Lang) -> str:
    """Return what is wrong, without the query, and without the password."""
    cause = getattr(error, "orig", None) or error
    shown = address.shown
    if getattr(cause, "sqlstate", None) == _DENIED:
        return say(
            lang,
            f"{shown}：没有读取这个表的权限（需要 SELECT）",
            f"{shown}: no permission to read the table (SELECT is needed)",
        )
    why = " ".join(str(cause).split())
    password = sa.make_url(address.url).password
    if password:
        why = why.replace(str(password), "***")
    if isinstance(error, exc.OperationalError) and address.dialect == "postgresql":
        return say(lang, f"{shown}：无法连接：{why}", f"{shown}: cannot connect: {why}")
    return say(lang, f"{shown}：无法读取：{why}", f"{shown}: cannot be read: {why}")
