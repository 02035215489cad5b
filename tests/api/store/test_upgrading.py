"""Migrations: they make the tables that the code describes, once, and refuse what they do not know."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from smsvet_api.store import schema
from smsvet_api.store.database import Database, open_database
from smsvet_api.store.errors import StoreDownError
from smsvet_api.store.store import Store
from smsvet_api.store.trail.verifying import verify
from smsvet_api.store.upgrading import (
    NewerSchemaError,
    SchemaError,
    configuration,
    found_version,
    needed_version,
    require_current,
    upgrade,
)

from ..cli.command_line import surroundings
from . import trail_damage

VERSION = sa.table("alembic_version", sa.column("version_num"))


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = open_database(empty_url, "en")
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


def differences(database: Database) -> object:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, schema.metadata)


def downgrade(database: Database, version: str) -> None:
    with database.transaction() as connection:
        command.downgrade(configuration(connection), version)


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    assert differences(store.database) == []
    assert tables(store.database) == set(schema.metadata.tables)


def test_an_empty_database_is_upgraded(empty: Database) -> None:
    assert found_version(empty) is None
    with pytest.raises(SchemaError, match="smsvet db upgrade"):
        require_current(empty)
    assert upgrade(empty) is None
    require_current(empty)
    assert upgrade(empty) == found_version(empty) == needed_version()


def test_up_down_and_up_again(empty: Database) -> None:
    upgrade(empty)
    trail_damage.fill(Store(empty), 2)
    downgrade(empty, "base")
    assert tables(empty) == set()
    upgrade(empty)
    assert differences(empty) == []
    assert verify(Store(empty)).events == 0


def test_each_step_goes_up_and_down_again(empty: Database) -> None:
    steps = [one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]
    for before, after in zip(["base", *steps], steps, strict=False):
        upgrade(empty, after)
        downgrade(empty, before)
        upgrade(empty, after)
    assert found_version(empty) == needed_version()


def test_an_upgrade_keeps_the_rows(store: Store) -> None:
    trail_damage.fill(store, 3)
    assert upgrade(store.database) == needed_version()
    assert verify(store).events == 3


def test_a_database_of_a_later_release_is_refused(store: Store) -> None:
    with store.database.transaction() as connection:
        connection.execute(VERSION.update().values(version_num="9999"))
    try:
        for act in (require_current, upgrade):
            with pytest.raises(NewerSchemaError) as caught:
                act(store.database)
            assert "upgrade smsvet, or restore a backup" in caught.value.say("en")
            assert "9999" in caught.value.say("zh")
    finally:
        with store.database.transaction() as connection:
            connection.execute(VERSION.update().values(version_num=needed_version()))


def test_a_failed_upgrade_leaves_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(config: Config, version: str) -> None:
        original(config, version)
        raise RuntimeError

    original = command.upgrade
    monkeypatch.setattr(command, "upgrade", failing)
    with pytest.raises(RuntimeError):
        upgrade(empty)
    assert found_version(empty) is None
    assert tables(empty) == set()


def test_processes_that_upgrade_at_once_wait_for_each_other(empty_url: str) -> None:
    code = (
        "import sys\n"
        "from smsvet_api.store.database import Database\n"
        "from smsvet_api.store.upgrading import upgrade\n"
        "sys.stdin.read(1)\n"
        "print(upgrade(Database(sys.argv[1])))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=surroundings(),
            text=True,
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("x")
        process.stdin.flush()
    answers = [process.communicate(timeout=120)[0].strip() for process in started]
    assert sorted(answers) == [needed_version(), "None"]
    assert [process.returncode for process in started] == [0, 0]


def test_looking_for_a_version_creates_no_file(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/none/smsvet.sqlite", "en")
    assert found_version(database) is None
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/new/smsvet.sqlite", "en")
    upgrade(database)
    trail_damage.fill(Store(database), 1)
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").iterdir()} == {0o600}
    database.dispose()


def test_a_folder_that_cannot_be_made_is_no_storage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = open_database(f"sqlite:///{tmp_path}/file/smsvet.sqlite", "en")
    with pytest.raises(StoreDownError) as caught:
        upgrade(database)
    assert str(tmp_path / "file") in caught.value.reason
