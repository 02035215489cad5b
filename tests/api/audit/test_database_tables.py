"""Audits of tables in databases: SQLite always, PostgreSQL where `SMSVET_TEST_DATABASE` names one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from smsvet import Reviewer
from smsvet_api.audit import table_copy
from smsvet_api.audit.preview import preview
from smsvet_api.audit.sources import Interpretation
from smsvet_api.files.rows import InputError
from smsvet_api.files.words import provider_names
from smsvet_api.store.table_address import parse_address

from ..cli.command_line import run
from ..required import missing
from .archive import BANNED, CLEAN, DAY, InlinePool, audited, findings, verdicts
from .test_audit_runs import Killed, after

pytestmark = pytest.mark.usefixtures("inline")
SCHEMA = "smsvet_audit_test"


@dataclass
class Database:
    """A database of a test: `address` returns the input for a table, `execute` runs statements."""

    kind: str
    url: str
    execute: Callable[..., object]
    schema: str = ""

    def address(self, table: str) -> str:
        return f"{self.url}#{self.schema}{table}"


def postgres() -> str:
    """Return the address of the test database, or skip."""
    url = os.environ.get("SMSVET_TEST_DATABASE")
    if not url:
        missing("SMSVET_TEST_DATABASE names no PostgreSQL")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    for package in ("sqlalchemy", "psycopg") if request.param == "postgresql" else ("sqlalchemy",):
        if find_spec(package) is None:
            missing(f"{package} is not installed")
    if request.param == "sqlite":
        connection = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
        yield Database("sqlite", f"sqlite:///{tmp_path}/archive.db", connection.execute)
        connection.close()
        return
    url = postgres()
    psycopg: Any = import_module("psycopg")
    schema = f"{SCHEMA}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"drop schema if exists {schema} cascade")
        server.execute(f"create schema {schema}")
        server.execute(f"set search_path to {schema}")

        def execute(statement: str, values: tuple[Any, ...] = ()) -> None:
            server.execute(statement.replace("?", "%s"), values)

        yield Database("postgresql", url, execute, f"{schema}.")
        server.execute(f"drop schema {schema} cascade")


def filled(database: Database, rows: int = 60, name: str = "templates") -> str:
    """Make a table; every fifth template is banned. Return its address."""
    database.execute(f"create table {name} (number integer primary key, body text, sent integer, price real)")
    for number in range(rows):
        body = BANNED if number % 5 == 0 else CLEAN
        database.execute(f"insert into {name} values (?, ?, ?, 0.5)", (number * 3, body, number))
    return database.address(name)


def test_a_table_is_audited_as_a_file(database: Database, tmp_path: Path, reviewer: Reviewer) -> None:
    outcome = audited(filled(database), tmp_path / "out", reviewer)
    rows = verdicts(outcome)
    assert [row["number"] for row in rows] == [number * 3 for number in range(60)]
    assert [row["smsvet_row"] for row in rows] == list(range(1, 61))
    assert [row["smsvet_id"] for row in rows] == [str(number * 3) for number in range(60)]
    assert {row["smsvet_file"] for row in rows} == {f"{database.url.rsplit('/', 1)[1]}#templates"}
    assert outcome.manifest["decisions"] == {"approve": 48, "reject": 12}
    assert {one["id"] for one in findings(outcome) if one["decision"] == "reject"} == {
        str(number * 15) for number in range(12)
    }
    assert {type(row["sent"]) for row in rows} == {int}
    assert not (outcome.run.folder / "_work").exists()
    assert not (tmp_path / "out/.table.parquet").exists()


def test_where_and_limit_on_a_table(database: Database, tmp_path: Path, reviewer: Reviewer) -> None:
    table = filled(database)
    kept = verdicts(audited(table, tmp_path / "1", reviewer, where="sent >= 50 and price < 1"))
    assert [row["sent"] for row in kept] == list(range(50, 60))
    assert [row["sent"] for row in verdicts(audited(table, tmp_path / "2", reviewer, limit=7))] == list(
        range(7)
    )


@pytest.mark.parametrize("page", [1, 2, 7, 1000])
def test_pages_hold_each_row_once(
    database: Database, tmp_path: Path, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    from smsvet_api.store import table_pages

    monkeypatch.setattr(table_pages, "PAGE", page)
    database.execute(
        'create table t ("Account No" text, n integer, body text, primary key ("Account No", n))'
    )
    keys = [(account, n) for account in ("a", "B", "中", "é") for n in (3, 1, 2)]
    for account, n in keys:
        database.execute("insert into t values (?, ?, ?)", (account, n, CLEAN))
    rows = verdicts(audited(database.address("t"), tmp_path / "out", reviewer))
    assert sorted((row["Account No"], row["n"]) for row in rows) == sorted(keys)
    assert {row["smsvet_id"] for row in rows} == {f"{account},{n}" for account, n in keys}


def test_an_id_of_the_table_comes_before_its_key(
    database: Database, tmp_path: Path, reviewer: Reviewer
) -> None:
    database.execute("create table t (n integer primary key, 模板编号 text, body text)")
    database.execute("insert into t values (1, 'SMS_9', ?)", (CLEAN,))
    (row,) = verdicts(audited(database.address("t"), tmp_path / "out", reviewer))
    assert (row["smsvet_id"], row["smsvet_provider"]) == ("SMS_9", "aliyun")


def test_the_copy_is_of_one_moment(
    database: Database, tmp_path: Path, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another connection changes, deletes and adds rows after the first page."""
    from smsvet_api.store import table_pages

    monkeypatch.setattr(table_pages, "PAGE", 10)
    table = filled(database)
    if database.kind == "sqlite":
        database.execute("pragma journal_mode=wal")  # else a writer waits for the reader
    batch = table_copy._batch
    done: list[int] = []

    def disturbed(*arguments: Any) -> Any:
        if not done:
            database.execute("update templates set body = 'x' where number > 90")
            database.execute("delete from templates where number = 120")
            database.execute("insert into templates values (1000, 'y', 1, 1)")
        done.append(1)
        return batch(*arguments)

    monkeypatch.setattr(table_copy, "_batch", disturbed)
    rows = verdicts(audited(table, tmp_path / "out", reviewer))
    assert [row["number"] for row in rows] == [number * 3 for number in range(60)]
    assert {row["body"] for row in rows} == {BANNED, CLEAN}
    assert len(done) == 6


def test_a_killed_run_continues_from_its_copy(
    database: Database, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    table = filled(database)
    undisturbed = audited(table, tmp_path / "one", reviewer)
    inline.before = staticmethod(after(3, Killed()))
    with pytest.raises(Killed):
        audited(table, tmp_path / "two", reviewer)
    inline.before = staticmethod(lambda shard: None)
    database.execute("delete from templates where number = 0")  # too late for this run
    outcome = audited(table, tmp_path / "two", reviewer)
    assert outcome.manifest["digest"] == undisturbed.manifest["digest"]
    assert verdicts(outcome) == verdicts(undisturbed)


def test_a_discarded_run_leaves_its_copy(
    database: Database, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    table = filled(database)
    inline.before = staticmethod(after(3, Killed()))
    with pytest.raises(Killed):
        audited(table, tmp_path / "out", reviewer)
    with pytest.raises(InputError, match="--where: None -> sent < 9"):
        audited(table, tmp_path / "out", reviewer, where="sent < 9")
    inline.before = staticmethod(lambda shard: None)
    outcome = audited(table, tmp_path / "out", reviewer, where="sent < 9", new_run=True)
    assert len(verdicts(outcome)) == 9
    assert list((tmp_path / "out").glob("run=*")) == [outcome.run.folder]


def test_an_unchanged_table_is_not_audited_twice(
    database: Database, tmp_path: Path, reviewer: Reviewer, inline: type[InlinePool]
) -> None:
    table = filled(database)
    first = audited(table, tmp_path / "out", reviewer)
    inline.before = staticmethod(after(0, Killed()))
    again = audited(table, tmp_path / "out", reviewer)
    assert (again.progress, again.manifest) == (None, first.manifest)
    inline.before = staticmethod(lambda shard: None)
    database.execute("update templates set body = ? where number = 3", (BANNED,))
    assert audited(table, tmp_path / "out", reviewer).manifest["decisions"]["reject"] == 13


def test_a_preview_of_a_table(database: Database, reviewer: Reviewer) -> None:
    how = Interpretation("en", provider_names(reviewer.providers), None, ())
    shown = preview(filled(database), how, DAY, reviewer, lambda _: None)
    assert [file.name for file in shown.files] == [f"{database.url.rsplit('/', 1)[1]}#templates"]
    assert ("body", "body") in shown.columns
    assert len(shown.rows) == 5


def test_postgresql_types(database: Database, tmp_path: Path, reviewer: Reviewer) -> None:
    if database.kind != "postgresql":
        pytest.skip("types of PostgreSQL")
    database.execute("create type mood as enum ('good', 'bad')")
    database.execute(
        "create table t (id uuid primary key, body text, day date, at timestamptz, price numeric(10,2), amount numeric,"
        " ok boolean, tags text[], extra jsonb, mood mood, long interval, raw bytea, code char(4), big bigint, x float8)"
    )
    database.execute(
        "insert into t values ('00000000-0000-0000-0000-00000000000a', ?, 'infinity', '2026-01-02 03:04:05+08', 1.50,"
        " 1e-3, true, '{a,b}', '{\"k\": [1]}', 'bad', '1 day', '\\x00ff', 'ab', 9007199254740993, 0.5)",
        (CLEAN,),
    )
    database.execute("insert into t (id, body) values ('00000000-0000-0000-0000-00000000000b', null)")
    row, empty = verdicts(audited(database.address("t"), tmp_path / "out", reviewer))
    assert {name: str(row[name]) for name in ("day", "at", "price", "amount", "ok", "tags", "extra", "mood")} == {
        "day": "infinity", "at": "2026-01-01 19:04:05+00", "price": "1.50", "amount": "0.001", "ok": "True",
        "tags": '["a", "b"]', "extra": '{"k": [1]}', "mood": "bad",
    }  # fmt: skip
    assert (row["long"], row["raw"], row["big"], row["x"]) == ("P1D", "\\x00ff", 9007199254740993, 0.5)
    assert row["smsvet_id"] == "00000000-0000-0000-0000-00000000000a"
    assert (empty["smsvet_decision"], empty["smsvet_id"], empty["price"]) == (
        None, "00000000-0000-0000-0000-00000000000b", None,
    )  # fmt: skip


def test_sqlite_columns_have_the_types_of_their_values(tmp_path: Path, reviewer: Reviewer) -> None:
    if find_spec("sqlalchemy") is None:
        missing("sqlalchemy is not installed")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute(
            "create table t (n integer primary key, body text, mixed integer, day date, real numeric)"
        )
        connection.execute("insert into t values (1, ?, 5, 'not a day', 1)", (CLEAN,))
        connection.execute("insert into t values (2, ?, 'five', null, 0.5)", (BANNED,))
        connection.execute("insert into t values (3, cast(x'ff41' as text), x'ff', null, null)")
    rows = verdicts(audited(f"sqlite:///{tmp_path}/a.db#t", tmp_path / "out", reviewer))
    assert [row["mixed"] for row in rows] == ["5", "five", "\\xff"]
    assert [row["real"] for row in rows] == [1.0, 0.5, None]
    assert [row["day"] for row in rows] == ["not a day", None, None]
    assert rows[2]["body"] == "\ufffdA"


def test_an_empty_key_of_sqlite_stops_the_audit(
    tmp_path: Path, reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("sqlalchemy") is None:
        missing("sqlalchemy is not installed")
    from smsvet_api.store import table_pages

    monkeypatch.setattr(table_pages, "PAGE", 2)
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("create table t (n text primary key, body text)")
        connection.executemany("insert into t values (?, 'x')", [(None,)] * 3)
    with pytest.raises(InputError, match="the primary key n has empty values; 2 of 3 rows"):
        audited(f"sqlite:///{tmp_path}/a.db#t", tmp_path / "out", reviewer)


SECRET = "sesame"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (f"mysql://u:{SECRET}@host/db#t", "mysql://: not supported"),
        (f"postgresql://u:{SECRET}@host/db", "postgresql://host/db: no table is named"),
        (f"postgresql://u:{SECRET}@host:port/db#t", "postgresql://host:port/db#t: not the address"),
        (f"postgresql://u:{SECRET}@127.0.0.1:1/db#t", "postgresql://127.0.0.1:1/db#t: cannot connect"),
        (f"postgresql://u:{SECRET}/x@127.0.0.1:1/db#t", "postgresql://127.0.0.1:1/db#t: "),
        (f"postgresql://u:a#{SECRET}@127.0.0.1:1/db#t", "postgresql://127.0.0.1:1/db#t: "),
        (f"postgresql://u:a?{SECRET}@127.0.0.1:1/db#t", "postgresql://…#t: "),
        (f"postgresql://127.0.0.1:1/db?password={SECRET}@x#t", "postgresql://…#t: "),
        ("sqlite:///none.db#t", "sqlite:///none.db#t: no such file"),
    ],
)
def test_addresses_that_cannot_be_read(tmp_path: Path, given: str, said: str) -> None:
    for package in ("sqlalchemy", "psycopg"):
        if find_spec(package) is None:
            missing(f"{package} is not installed")
    result = run("audit", given, str(tmp_path / "out"), "--lang", "en", "--no-config")
    assert result.exit_code == 3
    assert said in result.stderr
    assert SECRET not in result.output
    assert SECRET not in repr(result.exception)


def test_tables_that_cannot_be_read(database: Database, tmp_path: Path, reviewer: Reviewer) -> None:
    database.execute("create table keyless (body text)")
    database.execute("create table other (n integer primary key, x text)")
    for table, said in (
        ("none", "#.*none: no such table"),
        ("keyless", "no primary key"),
        ("other", "missing column"),
    ):
        with pytest.raises(InputError, match=said):
            audited(database.address(table), tmp_path / "out", reviewer)


def test_a_table_without_permission(tmp_path: Path, reviewer: Reviewer) -> None:
    if find_spec("sqlalchemy") is None or find_spec("psycopg") is None:
        missing("sqlalchemy or psycopg is not installed")
    with pytest.raises(InputError, match=r"#pg_catalog\.pg_authid: no permission to read the table"):
        audited(f"{postgres()}#pg_catalog.pg_authid", tmp_path / "out", reviewer)


def test_a_file_that_is_no_database(tmp_path: Path, reviewer: Reviewer) -> None:
    if find_spec("sqlalchemy") is None:
        missing("sqlalchemy is not installed")
    (tmp_path / "a.db").write_text("no database at all, but long enough to be one", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.db#t: cannot be read: file is not a database"):
        audited(f"sqlite:///{tmp_path}/a.db#t", tmp_path / "out", reviewer)


@pytest.mark.parametrize(
    ("given", "package", "extra"),
    [("sqlite:///a.db#t", "sqlalchemy", "audit"), ("postgresql://host/db#t", "psycopg", "postgres")],
)
def test_a_missing_driver_names_its_extra(
    monkeypatch: pytest.MonkeyPatch, given: str, package: str, extra: str
) -> None:
    from smsvet import extras

    monkeypatch.setattr(extras, "is_installed", lambda name: name != package)
    with pytest.raises(InputError) as wrong:
        table_copy.check_drivers(parse_address(given, "en"), "en")
    assert f"needs {package}, which is not installed: pip install 'smsvet[{extra}]'" in str(wrong.value)


def test_no_file_of_a_run_holds_the_password(database: Database, tmp_path: Path, reviewer: Reviewer) -> None:
    outcome = audited(filled(database), tmp_path / "out", reviewer)
    written = [path for path in outcome.run.folder.rglob("*") if path.is_file()]
    password = "smsvet:smsvet" if database.kind == "postgresql" else str(tmp_path)
    assert len(written) > 3
    assert not [path for path in written if password.encode() in path.read_bytes()]
