"""The commands `db` and `trail`: what they print, and their exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smsvet_api.store.database import open_database
from smsvet_api.store.store import Store

from ..store.trail_damage import change, fill, remove, rows, set_head
from .command_line import run


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path}/smsvet.sqlite"
    monkeypatch.setenv("SMSVET_DATABASE", url)
    return url


@pytest.fixture
def store(url: str) -> Store:
    assert run("db", "upgrade").exit_code == 0
    return Store(open_database(url, "en"))


def test_upgrade_says_what_it_did(url: str) -> None:
    first, second = run("db", "upgrade", "--lang", "en"), run("db", "upgrade", "--lang", "en")
    assert first.stdout == f"{url}: ✓ upgraded to version 0001 (it was empty)\n"
    assert second.stdout == f"{url}: ✓ already at version 0001\n"


@pytest.mark.parametrize("command", [("trail", "verify"), ("trail", "checkpoint"), ("db", "backup", "x")])
def test_an_empty_database_has_to_be_upgraded_first(
    url: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = run(*command, "--lang", "en")
    assert result.exit_code == 3
    assert "run smsvet db upgrade first" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_verify_names_the_first_damage(store: Store) -> None:
    fill(store, 5)
    intact = run("trail", "verify", "--lang", "en")
    assert intact.exit_code == 0
    assert "5 events form one chain since " in intact.stdout
    assert "No checkpoint was given" in intact.stderr
    change(store, 3, actor="user:mo")
    damaged = run("trail", "verify")
    assert damaged.exit_code == 1
    assert damaged.stdout == "✗ 事件 3 的内容已被改动\n  完好的事件：2\n"


def test_a_kept_checkpoint_finds_a_cut_tail(store: Store, tmp_path: Path) -> None:
    fill(store, 5)
    kept = str(tmp_path / "checkpoints.jsonl")
    assert run("trail", "checkpoint", "-o", kept).exit_code == 0
    printed = json.loads(run("trail", "checkpoint").stdout)
    assert printed["seq"] == printed["count"] == 5
    assert "1 checkpoints agree" in run("trail", "verify", "--checkpoint", kept, "--lang", "en").stdout
    remove(store, 4, 5)
    set_head(store, 3, rows(store)[-1]["hash"])
    assert run("trail", "verify").exit_code == 0
    cut = run("trail", "verify", "--checkpoint", kept, "--lang", "en")
    assert cut.exit_code == 1
    assert "the checkpoint names seq 5, the database ends with 3" in cut.stdout


def test_the_log_of_the_service_holds_checkpoints(store: Store, tmp_path: Path) -> None:
    fill(store, 2)
    taken = json.loads(run("trail", "checkpoint").stdout)
    log = tmp_path / "service.log"
    lines = [{"event": "ready"}, {"event": "trail checkpoint", "level": "info", **taken}]
    log.write_text("\n".join(map(json.dumps, lines)) + "\n")
    result = run("trail", "verify", "--checkpoint", str(log), "--lang", "en")
    assert result.exit_code == 0
    assert "1 checkpoints agree" in result.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("\n\nseq 5\n", "kept:3: not a checkpoint"),
        ("", "kept: no checkpoint"),
        ('{"event": "ready"}\n', "kept: no checkpoint"),
    ],
)
def test_a_file_without_checkpoints_is_refused(
    store: Store, tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "kept").write_text(content)
    result = run("trail", "verify", "--checkpoint", "kept", "--lang", "en")
    assert result.exit_code == 3
    assert message in result.stderr
    store.database.dispose()


def test_backup_writes_a_database_that_verifies(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    done = run("db", "backup", "backup.sqlite", "--lang", "en")
    assert done.exit_code == 0
    assert "on the disk and read back" in done.stdout
    verified = run("trail", "verify", "--database", f"sqlite:///{tmp_path}/backup.sqlite", "--lang", "en")
    assert "3 events form one chain" in verified.stdout
    again = run("db", "backup", "backup.sqlite", "--lang", "en")
    assert again.exit_code == 3
    assert "backup.sqlite exists" in again.stderr


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("none", "no database is configured: give --database"),
        ("mysql://x", "expected sqlite:///FILE or postgresql://"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "the database cannot be used"),
    ],
)
def test_a_database_that_cannot_be_used(given: str, message: str) -> None:
    result = run("trail", "verify", "--database", given, "--lang", "en")
    assert result.exit_code == 3
    assert message in result.stderr
    assert "secret" not in result.stderr


def test_retain_needs_a_number_of_days(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("db", "retain", "--lang", "en")
    assert refused.exit_code == 3
    assert "there is no default number of days" in refused.stderr
    monkeypatch.setenv("SMSVET_RETAIN_REJECTED_DAYS", "30")
    done = run("db", "retain", "--approved", "90", "--lang", "en")
    assert done.exit_code == 0
    assert done.stdout == "✓ deleted the texts of 0 submissions (0 earlier); with text: 0\n"
    store.database.dispose()
