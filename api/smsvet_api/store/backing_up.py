"""Writes a backup of a database to one new file while the service runs."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from .database import Database
from .errors import StoreDownError, StoreError


@dataclass(frozen=True, slots=True)
class Backup:
    """A complete backup: an SQLite database, or an archive of pg_dump. `size` is in bytes."""

    path: Path
    size: int


class BackupError(StoreError):
    """No backup was written; there is no file at its place."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__("store-down", chinese, english)


def back_up(database: Database, path: Path) -> Backup:
    """Write the database as of one moment to `path`, and return when it is on the disk and was read back.

    SQLite is copied by its online backup API, PostgreSQL by pg_dump in its custom format. Neither stops a writer.
    Raises BackupError if the file exists or cannot be written, and StoreDownError.
    """
    if path.exists():
        raise BackupError(f"{path} 已存在，备份不会覆盖文件", f"{path} exists; a backup replaces no file")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.touch(0o600, exist_ok=False)  # personal data: for the owner only
        if database.is_sqlite:
            _copy_sqlite(database, unfinished)
        else:
            _dump(database, unfinished)
        _flush(unfinished)
        os.link(unfinished, path)  # unlike a rename, refuses to replace what somebody wrote meanwhile
        unfinished.unlink()
        _flush(path.parent)
        return Backup(path, path.stat().st_size)
    except OSError as error:
        raise BackupError(
            f"无法写入 {path}：{error.strerror}", f"{path} cannot be written: {error.strerror}"
        ) from error
    finally:
        for name in ("", "-journal", "-wal", "-shm"):
            unfinished.with_name(f"{unfinished.name}{name}").unlink(missing_ok=True)


def _copy_sqlite(database: Database, path: Path) -> None:
    try:
        with database.reading() as connection, contextlib.closing(sqlite3.connect(path)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 - of SQLAlchemy's pysqlite
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a write-ahead log beside it
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"备份失败：{error}", f"the backup failed: {error}") from error
    if found != "ok":
        raise BackupError(f"数据库已损坏：{found}", f"the database is damaged: {found}")


def _dump(database: Database, path: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupError(
            "找不到 pg_dump：请安装不低于服务器版本的 PostgreSQL 客户端，或使用数据库平台的备份",
            "pg_dump was not found: install PostgreSQL's client of the server's version or later, "
            "or use the backup of your database platform",
        )
    url = database.engine.url
    shown = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    command = [program, "--format=custom", f"--file={path}", f"--dbname={shown.render_as_string()}"]
    # The list of processes shows arguments, so the password is in the environment.
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        why = " ".join(done.stderr.split()) or f"pg_dump: {done.returncode}"
        raise (
            StoreDownError(why)
            if "connection to server" in why
            else BackupError(f"备份失败：{why}", f"the backup failed: {why}")
        )
    if reader := shutil.which("pg_restore"):
        read = subprocess.run([reader, "--list", path], capture_output=True, text=True, check=False)  # noqa: S603
        if read.returncode or "TABLE DATA" not in read.stdout:
            raise BackupError("备份无法读回", "the backup cannot be read back")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
