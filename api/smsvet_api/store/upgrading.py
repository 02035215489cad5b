"""Brings the tables of a database to the version that this release needs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from .database import Database
from .errors import StoreError

_LOCK: Final = 0x736D7376
"""Key of PostgreSQL's advisory lock: two processes that start together must not both upgrade."""


class SchemaError(StoreError):
    """The database has other tables than this release needs."""

    def __init__(self, found: str | None, needed: str) -> None:
        super().__init__(
            "store-down",
            f"数据库版本为 {found or '空'}，需要 {needed}：请先运行 smsvet db upgrade",
            f"the database is at version {found or 'none'}, needed is {needed}: run smsvet db upgrade first",
        )


def configuration(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration for a connection; no file is read."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def needed_version() -> str:
    """Return the version that this release needs."""
    return str(ScriptDirectory.from_config(configuration()).get_current_head())


def found_version(database: Database) -> str | None:
    """Return the version of a database, None for an empty one. Raises StoreDownError."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, version: str = "head") -> None:
    """Bring a database to a version, in one transaction. Raises StoreDownError."""
    with database.transaction() as connection:
        if not database.is_sqlite:  # SQLite's transaction has the only lock there is
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        command.upgrade(configuration(connection), version)


def require_current(database: Database) -> None:
    """Raise SchemaError unless the tables are those that this release needs; StoreDownError without a connection."""
    found, needed = found_version(database), needed_version()
    if found != needed:
        raise SchemaError(found, needed)
