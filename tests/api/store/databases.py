"""Databases for tests of the store: SQLite always, PostgreSQL where `SMSVET_TEST_DATABASE` names one."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..required import missing

KINDS = ("sqlite", "postgresql")


class TestClock:
    """A clock that a test moves."""

    __test__ = False

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Provide the URL of an empty database; a PostgreSQL one is a schema of its own, dropped afterwards."""
    for package in ("sqlalchemy", "alembic") + (("psycopg",) if kind == "postgresql" else ()):
        if find_spec(package) is None:
            missing(f"{package} is not installed")
    if kind == "sqlite":
        yield f"sqlite:///{folder}/smsvet.sqlite"
        return
    url = os.environ.get("SMSVET_TEST_DATABASE")
    if not url:
        missing("SMSVET_TEST_DATABASE names no PostgreSQL")
    psycopg: Any = import_module("psycopg")
    schema = f"smsvet_store_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"create schema {schema}")
        try:
            yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"
        finally:
            server.execute(f"drop schema {schema} cascade")


class UpgradedDatabases:
    """Databases with all tables and no rows. Creating the tables takes long, so each test gets them cleared or copied."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._urls: dict[str, str] = {}

    def url(self, kind: str, folder: Path) -> str:
        """Return the URL of a database for one test, whose files go to `folder`."""
        if kind not in self._urls:
            self._urls[kind] = self._stack.enter_context(new_database(kind, self._folder))
            _with_database(self._urls[kind], lambda database: _module("upgrading").upgrade(database))
        url = self._urls[kind]
        if kind == "postgresql":
            _with_database(url, _clear)
            return url
        shutil.copy(self._folder / "smsvet.sqlite", folder / "smsvet.sqlite")
        return f"sqlite:///{folder}/smsvet.sqlite"


def _clear(database: Any) -> None:
    metadata = _module("schema").metadata
    numbered = [
        table.name for table in metadata.sorted_tables if "id" in table.c and table.name != "trail_head"
    ]
    statements = [
        "set local lock_timeout = '20s'",
        *(f"delete from {table.name}" for table in reversed(metadata.sorted_tables)),
        *(f"select setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in numbered),
        f"insert into trail_head values (1, 0, '{_module('trail.events').ROOT}')",
    ]
    with database.transaction() as connection:
        connection.exec_driver_sql("; ".join(statements))


def _with_database(url: str, function: Callable[[Any], object]) -> None:
    database = _module("database").open_database(url, "en")
    try:
        function(database)
    finally:
        database.dispose()


def _module(name: str) -> Any:
    return import_module(f"smsvet_api.store.{name}")
