"""`smsvet serve` with its store in a process of its own: the first login, a database that comes late, a proxy with TLS."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from ..store.databases import new_database
from .browser import PASSWORD
from .client import CLEAN
from .server_process import PATIENCE, SERVE, ServerProcess, running, wait

pytestmark = pytest.mark.slow

ADMIN = "一次性密码: ([a-z0-9-]{23})"


def log_in(server: ServerProcess, password: str, **headers: str) -> httpx.Response:
    return httpx.post(
        f"{server.url}/v1/session",
        json={"name": "admin", "password": password},
        headers=headers,
        timeout=PATIENCE,
    )


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


def test_a_database_that_comes_late(tmp_path: Path) -> None:
    with new_database("postgresql", tmp_path) as url:
        import psycopg

        schema = url.rpartition("%3D")[2]
        base = url.partition("?")[0]
        with psycopg.connect(base, autocommit=True) as server:
            server.execute(f"alter schema {schema} rename to {schema}_away")
            with running(tmp_path, (*SERVE, "--database", url)) as service:
                assert service.review(**CLEAN)["decision"] == "approve"
                me = httpx.get(
                    f"{service.url}/v1/me", headers={"authorization": "Bearer smsvet_1_x"}, timeout=PATIENCE
                )
                assert (me.status_code, me.json()["type"]) == (503, "urn:smsvet:problem:store-down")
                server.execute(f"alter schema {schema}_away rename to {schema}")
                wait(lambda: re.search(ADMIN, service.log.read_text(encoding="utf-8")), service.log)
                found = re.search(ADMIN, service.log.read_text(encoding="utf-8"))
                assert found is not None
                assert log_in(service, found[1]).status_code == 200
