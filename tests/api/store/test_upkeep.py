"""Daily tasks, the figures of the store, and a service whose store is down."""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from smsvet_api.http.app import create_app
from smsvet_api.http.settings import Settings
from smsvet_api.http.storage import Storage
from smsvet_api.http.store_metrics import store_metrics, store_state
from smsvet_api.http.upkeep import CHECKPOINT, keep_up_once
from smsvet_api.store.figures import measure
from smsvet_api.store.store import Store
from smsvet_api.store.trail.checkpoints import read_checkpoint, take_checkpoint
from smsvet_api.store.turns import take_turn

from ..http.client import CLEAN, ask
from ..http.receiver import receiving
from .databases import TestClock
from .decided import add_case, add_user
from .trail_damage import fill

DAY = timedelta(days=1)


def test_one_of_many_gets_the_turn(store: Store, clock: TestClock) -> None:
    for _ in range(3):
        with ThreadPoolExecutor(8) as threads:
            turns = list(threads.map(lambda _number: take_turn(store, "checkpoint", DAY), range(8)))
        assert turns.count(True) == 1
        assert not take_turn(store, "checkpoint", DAY)
        clock.forward(days=1)


def test_a_clock_that_was_set_back_does_not_stop_a_task(store: Store, clock: TestClock) -> None:
    assert take_turn(store, "checkpoint", DAY)
    clock.forward(days=-30)
    assert take_turn(store, "checkpoint", DAY)
    assert take_turn(store, "retention", DAY)


def test_the_figures_of_the_store(store: Store, clock: TestClock) -> None:
    empty = measure(store)
    assert (empty.cases, empty.messages, empty.oldest_case, empty.unjudged, empty.trail_seq) == (
        {},
        {},
        0,
        0,
        0,
    )
    owner = add_user(store, "shop", "submitter")
    add_case(store, owner)
    clock.forward(hours=5)
    add_case(store, owner)
    fill(store, 3)
    found = measure(store)
    assert (found.cases, found.overdue, found.trail_seq) == ({"open": 2}, 1, 3)
    assert found.oldest_case == 5 * 3600


def logged(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, object]]:
    return [vars(record)["facts"] for record in caplog.records if record.getMessage() == event]


def test_each_day_has_one_checkpoint(
    store: Store, clock: TestClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = tmp_path / "checkpoints.jsonl"
    settings = Settings(checkpoint_to=str(kept), retain_approved_days=30)
    storage = Storage(store)
    with caplog.at_level(logging.INFO, "smsvet_api"):
        for hours in (0, 1, 22, 1):
            clock.forward(hours=hours)
            fill(store, 1)
            asyncio.run(keep_up_once(settings, storage))
    assert [facts["seq"] for facts in logged(caplog, CHECKPOINT)] == [1, 4]
    assert [json.loads(line)["seq"] for line in kept.read_text().splitlines()] == [1, 4]
    assert read_checkpoint(kept.read_text().splitlines()[-1]) == take_checkpoint(store)
    assert len(logged(caplog, "texts deleted")) == 2


def test_a_checkpoint_that_cannot_be_kept_outside_is_in_the_log(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "smsvet_api"):
        asyncio.run(keep_up_once(Settings(checkpoint_to=str(tmp_path)), Storage(store)))
    assert len(logged(caplog, CHECKPOINT)) == len(logged(caplog, "checkpoint not kept outside")) == 1


def test_a_checkpoint_is_sent_to_an_address(store: Store) -> None:
    with receiving() as receiver:
        asyncio.run(keep_up_once(Settings(checkpoint_to=receiver.url), Storage(store)))
    (delivery,) = receiver.arrived
    assert read_checkpoint(delivery.body.decode()) == take_checkpoint(store)


def test_an_address_that_refuses_a_checkpoint_is_in_the_log(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving() as receiver, caplog.at_level(logging.INFO, "smsvet_api"):
        receiver.answer(500)
        asyncio.run(keep_up_once(Settings(checkpoint_to=receiver.url), Storage(store)))
    assert len(logged(caplog, CHECKPOINT)) == len(logged(caplog, "checkpoint not kept outside")) == 1


@pytest.fixture
def down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """A service whose database cannot be reached."""
    monkeypatch.setenv("SMSVET_CONFIG", "")
    app = create_app(Settings(database="postgresql://nobody@127.0.0.1:1/none"))
    asyncio.run(app.state.service.load())
    return app


def test_a_service_without_its_store_still_reviews(down: FastAPI) -> None:
    verdict = ask(down, "POST", "/v1/review", json=CLEAN)
    assert (verdict.status_code, verdict.json()["decision"]) == (200, "approve")
    ready = ask(down, "GET", "/readyz")
    assert (ready.status_code, ready.json()["store"]) == (200, "down")
    assert "smsvet_store_up 0.0" in ask(down, "GET", "/metrics").text


def test_without_its_store_nothing_is_stored_or_approved(down: FastAPI) -> None:
    headers = {"authorization": "Bearer smsvet_0011aabb_secret"}
    for method, path in (("POST", "/v1/submissions"), ("GET", "/v1/submissions/1")):
        answer = ask(down, method, path, json=CLEAN, headers=headers)
        assert answer.status_code == 503, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].endswith("store-down")
        assert "approve" not in answer.text


def test_the_state_of_a_store_that_answers(store: Store) -> None:
    fill(store, 2)
    app = FastAPI()
    app.state.storage = Storage(store)
    assert asyncio.run(store_state(app)) == "up"
    text = asyncio.run(store_metrics(app)).decode()
    assert "smsvet_store_up 1.0" in text
    assert "smsvet_trail_seq 2.0" in text
    assert 'smsvet_cases{state="open"} 0.0' in text


def test_without_a_store_there_are_no_figures() -> None:
    app = FastAPI()
    app.state.storage = None
    assert asyncio.run(store_state(app)) == "none"
    assert asyncio.run(store_metrics(app)) == b""
