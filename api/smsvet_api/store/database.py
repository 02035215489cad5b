"""Connections and transactions, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event, exc

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say
from .errors import StoreDownError

WAIT: Final = 20
"""Seconds to wait for a connection, or for SQLite's lock. SQLite's waiters are not served in order."""
CONNECTIONS: Final = 10
"""Connections to PostgreSQL that one process keeps open. Under load it opens as many more for a moment."""
CACHE: Final = 16_384
"""KiB of an SQLite file that each connection keeps in memory at most. The default holds a tenth of the open cases that a
search reads."""
_READ_ONLY: Final = "smsvet_read_only"


class Database:
    """A database of the service. Safe to share between threads.

    `url` is `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/DATABASE`.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.shown = self.engine.url.render_as_string(hide_password=True)
        self._writer = threading.Lock()
        self._reading: dict[str, Any] = (
            {_READ_ONLY: True}
            if self.is_sqlite
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )

    @property
    def is_sqlite(self) -> bool:
        """Return whether this is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """Return the file of an SQLite database, None for PostgreSQL."""
        return Path(str(self.engine.url.database)) if self.is_sqlite else None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Provide a transaction that is committed at the end, or rolled back after an exception.

        On SQLite it takes the write lock at once. A transaction that reads first and takes the lock later would fail
        whenever another one wrote in between. Raises StoreDownError.
        """
        with self._turn(), self._connected() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one thread after the other write to SQLite. Raises StoreDownError after `WAIT` seconds."""
        if not self.is_sqlite:
            yield
            return
        # SQLite's own wait polls at growing intervals, so that under load newcomers overtake a waiter until it fails.
        if not self._writer.acquire(timeout=WAIT):
            raise StoreDownError("another transaction of this process takes too long")
        try:
            yield
        finally:
            self._writer.release()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Provide a transaction that only reads, as of one moment, and so waits for no writer. Raises StoreDownError."""
        with self._connected(read_only=True) as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def _connected(self, *, read_only: bool = False) -> Iterator[sa.Connection]:
        try:
            with self.engine.connect() as connection:
                if read_only:
                    connection = connection.execution_options(**self._reading)
                yield connection
        except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
            raise StoreDownError(_reason(error)) from error
        except exc.DatabaseError as error:
            if type(error) is not exc.DatabaseError:
                raise  # a subclass: an error of the statement, not of the database
            raise StoreDownError(_reason(error)) from error  # SQLite: malformed, or not a database

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str, lang: Lang) -> Database:
    """Return the database at a URL; no connection is made yet. Raises InputError for a URL that cannot be used."""
    try:
        return Database(url)
    except ModuleNotFoundError as error:
        raise InputError(
            say(
                lang,
                "连接 PostgreSQL 需要：pip install 'smsvet[postgres]'",
                "PostgreSQL needs: pip install 'smsvet[postgres]'",
            )
        ) from error
    except (exc.ArgumentError, exc.NoSuchModuleError, ValueError) as error:
        raise InputError(
            say(
                lang,
                "database：应为 sqlite:///文件 或 postgresql://用户:密码@主机/库",
                "database: expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
            )
        ) from error


def _reason(error: exc.SQLAlchemyError) -> str:
    return str(error.args[0] if error.args else error)


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        made = sa.create_engine(
            parsed,
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,  # the pool does not serve waiting threads in order: some would wait too long
            pool_timeout=WAIT,
            pool_pre_ping=True,  # a server that was restarted has closed the pool's connections
            connect_args={"connect_timeout": WAIT},
        )
        event.listen(made, "connect", _without_jit)
        return made
    if parsed.drivername != "sqlite" or not parsed.database:
        raise ValueError(parsed.drivername)
    engine = sa.create_engine(parsed, connect_args={"timeout": WAIT})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _without_jit(connection: Any, _record: Any) -> None:
    # Conditions on earlier decisions make a count look expensive, and compiling it takes longer than counting.
    connection.execute("SET jit = off")
    connection.commit()


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # `_begin` begins transactions, not the driver
    # SQLite stores whatever it is given. Text that is not UTF-8 is damage for `smsvet trail verify` to name, not an error.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    cursor = connection.cursor()
    # FULL: what was answered as stored is on the disk, also after a loss of power.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
