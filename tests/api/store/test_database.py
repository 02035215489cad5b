"""Transactions on both databases: nobody is turned away by a lock, and a database that fails is named as down."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa

from smsvet_api.files.rows import InputError
from smsvet_api.store import database as connections
from smsvet_api.store.accounts.tables import settings
from smsvet_api.store.database import Database, open_database
from smsvet_api.store.errors import StoreDownError
from smsvet_api.store.store import Store
from smsvet_api.store.upgrading import upgrade

from . import trail_damage

THREADS = 16


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/smsvet.sqlite", "en")
    upgrade(database)
    yield database
    database.dispose()


def put(database: Database, name: str, value: int) -> None:
    with database.transaction() as connection:
        connection.execute(settings.insert().values(name=name, value=value))


def get(database: Database, name: str) -> int:
    with database.reading() as connection:
        return int(
            connection.execute(sa.select(settings.c.value).where(settings.c.name == name)).scalar_one()
        )


@pytest.mark.slow
def test_many_threads_that_select_then_update_lose_nothing(store: Store) -> None:
    rounds = 2000 if store.database.is_sqlite else 400  # PostgreSQL waits for a row, and is not in doubt
    put(store.database, "counter", 0)

    def count(_round: int) -> None:
        with store.database.transaction() as connection:
            row = settings.c.name == "counter"
            value = connection.execute(sa.select(settings.c.value).where(row).with_for_update()).scalar_one()
            connection.execute(settings.update().where(row).values(value=value + 1))

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(count, range(rounds)))
    assert get(store.database, "counter") == rounds


def test_sqlite_writes_ahead_and_to_the_disk(sqlite: Database) -> None:
    with sqlite.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    put(store.database, "counter", 1)
    written, read = Event(), Event()

    def write() -> None:
        with store.database.transaction() as connection:
            connection.execute(settings.update().values(value=2))
            written.set()
            assert read.wait(30)

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(write)
        assert written.wait(30)
        started = time.monotonic()
        assert get(store.database, "counter") == 1
        assert time.monotonic() - started < connections.WAIT / 2
        read.set()
        writing.result()
    assert get(store.database, "counter") == 2


def test_what_is_read_is_of_one_moment(store: Store) -> None:
    put(store.database, "counter", 1)
    with store.database.reading() as connection:
        query = sa.select(settings.c.value)
        assert connection.execute(query).scalar_one() == 1
        with store.database.transaction() as other:
            other.execute(settings.update().values(value=2))
        assert connection.execute(query).scalar_one() == 1


def test_an_exception_rolls_back(store: Store) -> None:
    def fail() -> None:
        with store.database.transaction() as connection:
            connection.execute(settings.insert().values(name="counter", value=1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    put(store.database, "counter", 2)
    assert get(store.database, "counter") == 2


def test_a_stopped_server_is_down() -> None:
    database = open_database("postgresql://nobody:secret@127.0.0.1:1/none", "en")
    for begin in (database.transaction, database.reading):
        with pytest.raises(StoreDownError) as caught, begin():
            pass
        assert "secret" not in caught.value.reason
    assert "secret" not in database.shown


def test_a_missing_folder_is_down(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/none/smsvet.sqlite", "en")
    with pytest.raises(StoreDownError), database.reading():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_down(sqlite: Database, tmp_path: Path) -> None:
    """Root may write to any file, so this runs as another user."""
    put(sqlite, "counter", 1)
    sqlite.dispose()
    code = (
        "import os, sys\n"
        "from smsvet_api.store.database import Database\n"
        "from smsvet_api.store.errors import StoreDownError\n"
        "database = Database(sys.argv[1])\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try:\n"
        "    with database.transaction() as connection:\n"
        "        connection.exec_driver_sql('update settings set value = 2')\n"
        "except StoreDownError as error:\n"
        "    print(error.reason)\n"
    )
    folder = tmp_path / "read-only"
    folder.mkdir()
    shutil.copy(tmp_path / "smsvet.sqlite", folder / "smsvet.sqlite")
    (folder / "smsvet.sqlite").chmod(0o444)
    folder.chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents[:2]):  # pytest's folders are for their owner only
        parent.chmod(stat.S_IMODE(parent.stat().st_mode) | 0o011)
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite:///{folder}/smsvet.sqlite"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "readonly database" in done.stdout or "unable to open" in done.stdout
    folder.chmod(0o755)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a file system needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_down_and_what_was_stored_stays(small_disk: Path) -> None:
    database = open_database(f"sqlite:///{small_disk}/smsvet.sqlite", "en")
    upgrade(database)
    stored = 0
    store = Store(database)

    def fill() -> None:
        nonlocal stored
        for _ in range(1000):
            trail_damage.fill(store, 50)
            stored += 50

    with pytest.raises(StoreDownError) as caught:
        fill()
    assert "full" in caught.value.reason or "I/O" in caught.value.reason
    assert len(trail_damage.rows(store)) == stored
    database.dispose()


def test_a_lock_that_is_held_too_long_is_down(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "WAIT", 0.1)
    impatient = Database(f"sqlite:///{sqlite.file}")
    with (
        sqlite.transaction(),
        pytest.raises(StoreDownError, match="Storage is down"),
        impatient.transaction(),
    ):
        pass
    impatient.dispose()


def test_too_many_users_of_connections_wait_and_then_get_down(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.database.is_sqlite:
        return  # it has one connection a thread
    monkeypatch.setattr(connections, "WAIT", 1)
    monkeypatch.setattr(connections, "CONNECTIONS", 1)
    small = Database(store.database.engine.url.render_as_string(hide_password=False))
    with small.reading(), small.reading(), pytest.raises(StoreDownError), small.reading():
        pass
    with small.reading() as connection:
        assert connection.execute(sa.select(sa.literal(1))).scalar() == 1
    small.dispose()


@pytest.mark.parametrize(
    "url",
    ["", "smsvet.sqlite", "sqlite://", "sqlite:///", "mysql://root@localhost/sms"],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(InputError):
        open_database(url, "en")


def test_a_connection_that_the_server_closed_is_replaced(store: Store) -> None:
    if store.database.is_sqlite:
        return
    with store.database.reading() as connection:
        process = connection.exec_driver_sql("select pg_backend_pid()").scalar()
    other = Database(os.environ["SMSVET_TEST_DATABASE"])
    with other.transaction() as connection:
        connection.exec_driver_sql(f"select pg_terminate_backend({process})")
    other.dispose()
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("select pg_backend_pid()").scalar() != process
