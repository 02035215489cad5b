"""Backups: complete, of one moment, and only ever a new file."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from smsvet_api.store.backing_up import BackupError, back_up
from smsvet_api.store.database import Database, open_database
from smsvet_api.store.errors import StoreDownError
from smsvet_api.store.store import Store
from smsvet_api.store.trail.checkpoints import take_checkpoint
from smsvet_api.store.trail.verifying import verify
from smsvet_api.store.upgrading import require_current, upgrade

from ..required import missing
from .trail_damage import fill


@contextmanager
def opened(url: str) -> Iterator[Store]:
    database = open_database(url, "en")
    try:
        yield Store(database)
    finally:
        database.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    with opened(f"sqlite:///{tmp_path}/smsvet.sqlite") as store:
        upgrade(store.database)
        yield store


@contextmanager
def postgresql_database() -> Iterator[str]:
    """Provide the URL of a PostgreSQL database: pg_dump writes whole databases, not schemas."""
    url = os.environ.get("SMSVET_TEST_DATABASE")
    if not url:
        missing("SMSVET_TEST_DATABASE names no PostgreSQL")
    psycopg: Any = import_module("psycopg")
    name = f"smsvet_backup_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"create database {name} template template0 encoding 'UTF8'")
        try:
            yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(f"drop database {name} with (force)")


def test_a_backup_of_sqlite_is_a_database_in_one_file(sqlite: Store, tmp_path: Path) -> None:
    fill(sqlite, 5)
    kept = take_checkpoint(sqlite)
    written = back_up(sqlite.database, tmp_path / "backup.sqlite")
    fill(sqlite, 1)
    assert written.size == (tmp_path / "backup.sqlite").stat().st_size > 0
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o600
    with opened(f"sqlite:///{written.path}") as restored:
        require_current(restored.database)
        result = verify(restored, [kept])
        assert (result.events, result.checkpoints, result.damage) == (5, 1, None)
        fill(restored, 1)  # a restored service goes on


def test_writers_go_on_during_a_backup_and_it_has_one_moment(sqlite: Store, tmp_path: Path) -> None:
    stopped = Event()
    fill(sqlite, 200)

    def write() -> None:
        while not stopped.is_set():
            fill(sqlite, 2)

    writers = [Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        written = [back_up(sqlite.database, tmp_path / f"backup-{number}.sqlite") for number in range(3)]
    finally:
        stopped.set()
        for writer in writers:
            writer.join()
    counts = []
    for one in written:
        with opened(f"sqlite:///{one.path}") as restored:
            result = verify(restored)
            assert result.damage is None
            assert result.events % 2 == 0  # a transaction is in it as a whole, or not at all
            counts.append(result.events)
    assert counts == sorted(counts)
    assert verify(sqlite).events > counts[-1]


def test_nothing_is_left_of_a_backup_that_failed(sqlite: Store, tmp_path: Path) -> None:
    target = tmp_path / "folder" / "backup.sqlite"
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(sqlite.database, target)
    target.parent.mkdir()
    target.touch()
    with pytest.raises(BackupError, match="exists"):
        back_up(sqlite.database, target)
    assert [file.name for file in target.parent.iterdir()] == ["backup.sqlite"]
    assert target.stat().st_size == 0


def test_a_damaged_database_gives_no_backup(sqlite: Store, tmp_path: Path) -> None:
    fill(sqlite, 300)
    sqlite.database.dispose()
    assert sqlite.database.file is not None
    with sqlite3.connect(sqlite.database.file) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("select rootpage from sqlite_master where name = 'ix_events_kind'").fetchone()[0]
        size = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.close()
    with sqlite.database.file.open("r+b") as stream:
        stream.seek((page - 1) * size + 8)
        stream.write(b"\xff" * 64)
    with pytest.raises((BackupError, StoreDownError)):
        back_up(sqlite.database, tmp_path / "backup.sqlite")
    assert not (tmp_path / "backup.sqlite").exists()


def test_a_file_that_is_no_database_is_a_store_that_is_down(tmp_path: Path) -> None:
    (tmp_path / "smsvet.sqlite").write_bytes(b"no database" * 1000)
    with opened(f"sqlite:///{tmp_path}/smsvet.sqlite") as store, pytest.raises(StoreDownError):
        take_checkpoint(store)


@pytest.mark.slow
def test_a_backup_of_postgresql_is_restored_by_pg_restore(tmp_path: Path) -> None:
    with postgresql_database() as url, opened(url) as store:
        upgrade(store.database)
        fill(store, 5)
        kept = take_checkpoint(store)
        written = back_up(store.database, tmp_path / "backup.dump")
        fill(store, 1)
        with postgresql_database() as other, opened(other) as restored:
            subprocess.run(
                ["pg_restore", "--no-owner", "--exit-on-error", "-d", other, written.path], check=True
            )
            require_current(restored.database)
            result = verify(restored, [kept])
            assert (result.events, result.checkpoints, result.damage) == (5, 1, None)
            fill(restored, 1)


def test_without_pg_dump_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    database = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(BackupError) as caught:
        back_up(database, tmp_path / "backup.dump")
    assert "PostgreSQL's client" in caught.value.say("en")
    assert "pg_dump" in caught.value.say("zh")
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_server_gives_no_backup(tmp_path: Path) -> None:
    if shutil.which("pg_dump") is None:
        missing("pg_dump is not installed")
    database = Database("postgresql://nobody:secret@127.0.0.1:1/none")
    with pytest.raises(StoreDownError) as caught:
        back_up(database, tmp_path / "backup.dump")
    assert "secret" not in caught.value.reason
    assert list(tmp_path.iterdir()) == []
