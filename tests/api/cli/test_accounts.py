"""The commands for users and keys, and the preparation of a database before the service starts."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from smsvet_api.cli import preparing

from ..required import missing
from .command_line import instead_of_serving, run

if find_spec("argon2") is None or find_spec("alembic") is None:
    missing("the extra service is not installed")

if TYPE_CHECKING:
    from smsvet_api.store.store import Store

pytestmark = pytest.mark.usefixtures("cheap_passwords")

PASSWORD = re.compile("[a-z0-9]{5}(?:-[a-z0-9]{5}){3}")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/smsvet.sqlite"
    monkeypatch.setenv("SMSVET_DATABASE", url)
    return url


def opened(url: str) -> Store:
    from smsvet_api.store.database import open_database
    from smsvet_api.store.store import Store

    return Store(open_database(url, "en"))


def test_users_and_keys_from_the_command_line(url: str) -> None:
    from smsvet_api.store.accounts.keys import user_of_key
    from smsvet_api.store.accounts.login import log_in

    added = run("users", "add", "Lin", "--role", "lead", "--lang", "en")
    assert added.exit_code == 0, added.output
    password = PASSWORD.findall(added.stdout)
    store = opened(url)
    assert log_in(store, "lin", password[0], "192.0.2.1", "test").session.user.role == "lead"

    made = run(
        "keys", "add", "shop", "--user", "lin", "--scope", "export", "--scope", "review", "--expires", "90d"
    )
    key = made.stdout.split("\n")[0]
    user = user_of_key(store, key)
    assert user is not None
    assert user.scopes == {"export", "review"}
    listed = run("keys", "list", "--lang", "en").stdout
    assert str(user.key_prefix) in listed
    assert "export,review" in listed
    assert "expires" in listed
    assert key not in listed
    assert run("keys", "revoke", str(user.key_prefix)).exit_code == 0
    assert user_of_key(store, key) is None
    assert "revoked" in run("keys", "list", "--lang", "en").stdout

    assert run("users", "role", "lin", "reviewer").exit_code == 0
    assert run("users", "disable", "lin").exit_code == 0
    assert re.search(r"lin\s+reviewer\s+disabled", run("users", "list", "--lang", "en").stdout)
    assert run("users", "enable", "lin").exit_code == 0
    renewed = PASSWORD.findall(run("users", "password", "lin").stdout)
    assert renewed != password
    store.database.dispose()


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("users", "add", "a b", "--role", "lead"), "用户名为", "a user name has"),
        (("users", "add", "lin", "--role", "root"), "角色应为", "a role is one of"),
        (("users", "disable", "nobody"), "没有这个用户", "there is no such user"),
        (("users", "disable", "root"), "最后一位管理员", "last admin"),
        (("users", "role", "root", "lead"), "最后一位管理员", "last admin"),
        (("keys", "add", "k", "--user", "root", "--scope", "submit"), "没有权限 submit", "lacks submit"),
        (("keys", "add", "k", "--user", "root", "--scope", "all"), "权限应为", "a scope is one of"),
        (
            ("keys", "add", "k", "--user", "root", "--scope", "admin", "--expires", "soon"),
            "--expires",
            "--expires",
        ),
        (
            ("keys", "add", "k", "--user", "root", "--scope", "admin", "--expires", "2020-01-01"),
            "已过",
            "expired",
        ),
        (("keys", "revoke", "nothing"), "没有这个密钥", "there is no such key"),
    ],
)
def test_refusals_are_told_in_both_languages(url: str, arguments: tuple[str, ...], zh: str, en: str) -> None:
    run("users", "add", "root", "--role", "admin", "--oidc-subject", "sub-1")
    for lang, said in (("zh", zh), ("en", en)):
        refused = run(*arguments, "--lang", lang)
        assert refused.exit_code == 3
        assert said in refused.stderr
        assert "Traceback" not in refused.output


def test_a_command_needs_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSVET_DATABASE", "none")
    assert "--database" in run("users", "list").stderr
    for url in ("mysql://x/y", "sqlite://", "no url"):
        assert "database" in run("users", "list", "--database", url).stderr
    down = run("users", "list", "--database", "postgresql://u:geheim@127.0.0.1:9/x", "--lang", "en")
    assert down.exit_code == 3
    assert "the database cannot be used" in down.stderr
    assert "geheim" not in down.stderr


def test_the_database_of_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMSVET_DATABASE")
    file = tmp_path / "smsvet.toml"
    file.write_text('database = "sqlite:///here.sqlite"\n', encoding="utf-8")
    monkeypatch.setenv("SMSVET_CONFIG", str(file))
    assert run("users", "list").exit_code == 0
    assert (tmp_path / "here.sqlite").exists()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the options with which uvicorn was started, instead of starting it."""
    monkeypatch.setenv("SMSVET_RULES", "")
    return instead_of_serving(monkeypatch)


def test_serve_on_a_fresh_machine_makes_the_database_and_the_first_admin(
    served: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smsvet_api.store.accounts.login import log_in

    monkeypatch.setenv("SMSVET_DATABASE", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    first = run("serve", "--lang", "en")
    assert first.exit_code == 0, first.output
    assert served["app"]
    assert "was upgraded from version none" in first.stderr
    (password,) = PASSWORD.findall(first.stderr)
    assert first.stdout == ""
    file = tmp_path / "smsvet" / "smsvet.sqlite"
    assert os.environ["SMSVET_DATABASE"] == f"sqlite:///{file}"
    assert file.parent.stat().st_mode & 0o077 == 0
    store = opened(f"sqlite:///{file}")
    session = log_in(store, "admin", password, "127.0.0.1", "test").session
    assert (session.user.role, session.must_change) == ("admin", True)
    store.database.dispose()
    second = run("serve", "--lang", "en")
    assert "upgraded" not in second.stderr
    assert PASSWORD.findall(second.stderr) == []


@pytest.mark.parametrize("way", ["option", "variable", "configuration"])
def test_serve_without_a_store(
    way: str, served: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SMSVET_DATABASE", "none" if way == "variable" else "")
    file = tmp_path / "smsvet.toml"
    file.write_text('database = "none"\n' if way == "configuration" else "", encoding="utf-8")
    monkeypatch.setenv("SMSVET_CONFIG", str(file))
    done = run("serve", *(["--no-store"] if way == "option" else []))
    assert (done.exit_code, done.stderr) == (0, "")
    assert served["app"]
    assert os.environ["SMSVET_DATABASE"] == "none"
    assert not (tmp_path / "data").exists()


def test_serve_without_the_extra_says_so_once(
    served: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smsvet_api.cli import database_option

    monkeypatch.setattr(database_option, "is_installed", lambda _name: False)
    monkeypatch.setenv("SMSVET_DATABASE", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    done = run("serve", "--lang", "en")
    assert done.exit_code == 0
    assert served["app"]
    assert done.stderr.count("pip install 'smsvet[service]'") == 1
    assert list(tmp_path.iterdir()) == []


def test_serve_starts_without_its_database_and_keeps_trying(
    served: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from smsvet_api.store.errors import StoreDownError

    usual, calls = preparing._prepare, []

    def prepare(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) < 3:
            raise StoreDownError("connection refused")
        usual(*arguments)

    class Now:
        def __init__(self, target: Any, args: Any, daemon: bool) -> None:
            assert daemon
            self.start = lambda: target(*args)

    monkeypatch.setattr(preparing, "_prepare", prepare)
    monkeypatch.setattr(preparing, "PAUSE", 0)
    monkeypatch.setattr("smsvet_api.cli.preparing.threading.Thread", Now)
    done = run("serve", "--database", f"sqlite:///{tmp_path}/a.sqlite", "--lang", "en")
    assert done.exit_code == 0
    assert served["app"]
    assert "Storage is down" in done.stderr
    assert len(calls) == 3
    assert PASSWORD.findall(done.stderr)


def test_serve_trusts_the_named_proxies_only(served: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("serve", "--no-store").exit_code == 0
    assert (served["proxy_headers"], served["forwarded_allow_ips"]) == (False, "")
    monkeypatch.setenv("SMSVET_PROXIES", "127.0.0.1,10.0.0.0/8")
    assert run("serve", "--no-store").exit_code == 0
    assert (served["proxy_headers"], served["forwarded_allow_ips"]) == (True, "127.0.0.1,10.0.0.0/8")
