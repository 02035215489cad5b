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
from .errors import StoreDownError, StoreError

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


class NewerSchemaError(StoreError):
    """The database was upgraded by a later release."""

    def __init__(self, found: str) -> None:
        super().__init__(
            "store-down",
            f"数据库版本 {found} 由更新的 smsvet 创建，此版本无法使用：请升级 smsvet，或恢复备份",
            f"the database is at version {found}, made by a later smsvet: upgrade smsvet, or restore a backup",
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
    """Return the version of a database, None for an empty or missing one. Raises StoreDownError."""
    if database.file is not None and not database.file.exists():
        return None  # connecting would create it
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, version: str = "head") -> str | None:
    """Bring a database to a version, in one transaction, and return the version that it had.

    Creates a database of SQLite, and its folder. Raises NewerSchemaError and StoreDownError.
    """
    if database.file is not None:
        try:
            database.file.parent.mkdir(parents=True, exist_ok=True)
            database.file.touch(0o600)  # personal data: for the owner only
        except OSError as error:
            raise StoreDownError(f"{error.filename}: {error.strerror}") from error
    with database.transaction() as connection:
        if not database.is_sqlite:  # SQLite's transaction has the only lock there is
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        found = MigrationContext.configure(connection).get_current_revision()
        _refuse_newer(found)
        command.upgrade(configuration(connection), version)
        return found


def require_current(database: Database) -> None:
    """Raise SchemaError or NewerSchemaError unless the tables are those of this release; StoreDownError if it is down."""
    found, needed = found_version(database), needed_version()
    _refuse_newer(found)
    if found != needed:
        raise SchemaError(found, needed)


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchemaError(found)
