"""`smsvet serve` with its store in a process of its own: the first login, a database that comes late, a proxy with TLS."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from smsvet_api.http.app import create_app
from smsvet_api.http.settings import Settings

from ..required import missing
from ..store.databases import KINDS, new_database
from .browser import PASSWORD
from .client import ask
from .server_process import PATIENCE, ServerProcess, running

ADMIN = "一次性密码: ([a-z0-9-]{23})"


def log_in(server: ServerProcess, password: str, **headers: str) -> httpx.Response:
    return httpx.post(
        f"{server.url}/v1/session",
        json={"name": "admin", "password": password},
        headers=headers,
        timeout=PATIENCE,
    )


@pytest.mark.slow
def test_the_first_login_on_a_fresh_machine(tmp_path: Path) -> None:
    with running(tmp_path, SMSVET_DATABASE="", XDG_DATA_HOME=str(tmp_path / "data")) as server:
        found = re.search(ADMIN, server.log.read_text(encoding="utf-8"))
        assert found is not None
        began = log_in(server, found[1])
        assert began.status_code == 200, began.text
        cookie = began.headers["set-cookie"].partition(";")[0]
        sent = {"cookie": cookie, "x-csrf": began.json()["csrf"], "sec-fetch-site": "same-origin"}
        changed = httpx.post(
            f"{server.url}/v1/me/password",
            json={"old": found[1], "new": PASSWORD},
            headers=sent,
            timeout=PATIENCE,
        )
        assert changed.status_code == 200, changed.text
        assert log_in(server, PASSWORD).json()["must_change"] is False
        # A client cannot claim to use TLS, nor to be another one: no proxy is named.
        assert log_in(server, PASSWORD, **{"x-forwarded-proto": "https"}).status_code == 403
        log = server.log.read_text(encoding="utf-8")
        lines = [line for line in log.splitlines() if line.startswith("{")]
        assert not any(found[1] in line or PASSWORD in line for line in lines)
        assert log.count(found[1]) == 1
    assert (tmp_path / "data" / "smsvet" / "smsvet.sqlite").exists()


@pytest.mark.slow
def test_a_named_proxy_says_that_the_connection_has_tls(tmp_path: Path) -> None:
    with running(
        tmp_path, SMSVET_DATABASE=f"sqlite:///{tmp_path}/a.sqlite", SMSVET_PROXIES="127.0.0.1"
    ) as server:
        found = re.search(ADMIN, server.log.read_text(encoding="utf-8"))
        assert found is not None
        forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1", "host": "sms.example"}
        began = log_in(server, found[1], **forwarded)
        assert began.status_code == 200, began.text
        assert began.headers["set-cookie"].startswith("__Host-smsvet=")
        assert began.headers["strict-transport-security"]
        assert log_in(server, found[1], **(forwarded | {"x-forwarded-proto": "http"})).status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_comes_late(kind: str, tmp_path: Path) -> None:
    from smsvet_api.store.database import open_database
    from smsvet_api.store.upgrading import upgrade

    key = {"authorization": "Bearer smsvet_0_x"}
    with new_database(kind, tmp_path) as url:
        app = create_app(Settings(database=url, log_level="error"))
        for _ in range(2):
            refused = ask(app, "GET", "/v1/me", headers=key)
            assert (refused.status_code, refused.json()["type"]) == (503, "urn:smsvet:problem:store-down")
        database = open_database(url, "en")
        upgrade(database)
        database.dispose()
        assert ask(app, "GET", "/v1/me", headers=key).status_code == 401
        app.state.storage.close()


def test_a_database_that_cannot_be_reached() -> None:
    if find_spec("psycopg") is None:
        missing("psycopg is not installed")
    app = create_app(Settings(database="postgresql://u:geheim@127.0.0.1:9/x", log_level="error"))
    refused = ask(app, "GET", "/v1/me", headers={"authorization": "Bearer smsvet_0_x"})
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "geheim" not in refused.text
    assert ask(app, "GET", "/healthz").status_code == 200
    app.state.storage.close()
