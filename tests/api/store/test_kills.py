"""Kills the service, or its database, under load: no acknowledged submission or decision is lost."""

from __future__ import annotations

import os
import signal
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from smsvet_api.store.database import open_database
from smsvet_api.store.store import Store
from smsvet_api.store.submissions.submitting import unjudged
from smsvet_api.store.trail.checkpoints import take_checkpoint
from smsvet_api.store.trail.verifying import verify
from smsvet_api.store.upgrading import upgrade

from ..http.server_process import ServerProcess, running, wait
from .clusters import cluster
from .load import TEXTS, Load, add_keys, lost

pytestmark = pytest.mark.slow


def enough(load: Load, log: Path, submissions: int = 12, decisions: int = 3) -> None:
    """Wait until the service has acknowledged some of each."""

    def reached() -> bool:
        found = load.acknowledged
        return len(found.submissions) >= submissions and len(found.decisions) >= decisions

    wait(reached, log)


def serving(folder: Path, url: str) -> AbstractContextManager[ServerProcess]:
    folder.mkdir()
    return running(folder, SMSVET_DATABASE=url, SMSVET_CONFIG="")


def submit(server: ServerProcess, key: str, name: str) -> httpx.Response:
    body = {"id": name, "body": TEXTS[0], "purpose": "notification"}
    headers = {"authorization": f"Bearer {key}"}
    return httpx.post(f"{server.url}/v1/submissions", json=body, headers=headers, timeout=60)


def test_a_killed_service_loses_nothing_it_acknowledged(store: Store, url: str, tmp_path: Path) -> None:
    store = Store(store.database)  # the service has the real clock
    keys = add_keys(store)
    with serving(tmp_path / "first", url) as server:
        load = Load(server.url, keys)
        enough(load, server.log)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        acknowledged = load.stop()
    assert lost(store, acknowledged) == []
    kept = take_checkpoint(store)
    assert verify(store, [kept]).damage is None
    with serving(tmp_path / "second", url) as server:
        name, number = next(iter(acknowledged.submissions.items()))
        again = submit(server, keys["shop"], name)
        assert (again.json()["submission"], again.json()["replayed"]) == (number, True)
        assert submit(server, keys["shop"], "after the kill").status_code == 201
        wait(lambda: not unjudged(store, all_ages=True), server.log)
    result = verify(store, [kept])
    assert (result.damage, result.checkpoints) == (None, 1)
    assert lost(store, acknowledged) == []


def test_a_killed_database_loses_nothing_the_service_acknowledged(tmp_path: Path) -> None:
    with cluster() as postgresql:
        database = open_database(postgresql.url, "en")
        upgrade(database)
        store = Store(database)
        keys = add_keys(store)
        with serving(tmp_path / "service", postgresql.url) as server:
            load = Load(server.url, keys)
            enough(load, server.log)
            postgresql.kill()
            wait(lambda: 503 in load.acknowledged.statuses, server.log)
            assert server.review(body=TEXTS[1], purpose="verification")["decision"] == "approve"
            ready = httpx.get(f"{server.url}/readyz", timeout=60)
            assert (ready.status_code, ready.json()["store"]) == (200, "down")
            before = len(load.acknowledged.submissions)
            postgresql.start()
            enough(load, server.log, submissions=before + 3)
            acknowledged = load.stop()
        assert lost(store, acknowledged) == []
        assert verify(store).damage is None
        assert acknowledged.statuses <= {200, 201, 204, 409, 503}
        database.dispose()
