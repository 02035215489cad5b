"""Webhooks over HTTP, to a real receiver: signatures, retries, refused addresses, dead letters."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from smsvet_api.http import delivery
from smsvet_api.http.delivery import Deliverer
from smsvet_api.http.webhook_models import EventKind
from smsvet_api.store.webhooks.delivering import SCHEDULE
from smsvet_api.store.webhooks.kinds import KINDS

from ..store.databases import KINDS as DATABASES
from .receiver import Receiver, receiving
from .stored import StoredService, stored_service

CLEAN = {"body": "您的验证码是{1}，{2}分钟内有效。", "purpose": "verification", "as_of": "2026-11-22"}


@pytest.fixture(scope="module", params=DATABASES)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoredService]:
    folder: Path = tmp_path_factory.mktemp("store")
    with stored_service(request.param, folder, webhook_private=True) as service:
        yield service


@pytest.fixture
def service(running: StoredService) -> StoredService:
    running.clock.time = datetime.now(UTC)  # receivers refuse signatures of another time
    for webhook in ask(running, "GET", "/v1/webhooks", params={"limit": 200})["webhooks"]:
        ask(running, "DELETE", f"/v1/webhooks/{webhook['id']}", 204)
    return running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def ask(service: StoredService, method: str, path: str, status: int = 200, **request: Any) -> Any:
    response = service.ask("submitter", method, path, **request)
    assert response.status_code == status, response.text
    assert status >= 400 or response.headers["cache-control"] == "no-store"
    return response.json() if response.content else None


def add(service: StoredService, receiver: Receiver, *events: str) -> tuple[str, str]:
    """Add an endpoint and return its address and secret."""
    made = ask(service, "POST", "/v1/webhooks", 201, json={"url": receiver.url, "events": list(events)})
    return f"/v1/webhooks/{made['id']}", made["secret"]


def deliver(service: StoredService, *, private: bool = True) -> int:
    async def run() -> int:
        deliverer = Deliverer(service.app.state.storage, private=private)
        try:
            return await deliverer.deliver_due()
        finally:
            await deliverer.client.aclose()

    return asyncio.run(run())


def state(service: StoredService, address: str) -> list[str]:
    return [one["state"] for one in ask(service, "GET", f"{address}/messages")["messages"]]


def test_the_documented_kinds_are_all() -> None:
    assert get_args(EventKind) == KINDS


def test_a_decision_arrives_signed(service: StoredService, receiver: Receiver) -> None:
    address, secret = add(service, receiver)
    sent = ask(service, "POST", "/v1/submissions", 201, json=CLEAN)
    assert deliver(service) == 1
    [arrived] = receiver.arrived
    assert arrived.path == "/hook"
    assert arrived.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert arrived.headers["content-type"] == "application/json"
    body = Webhook(secret).verify(arrived.body, arrived.headers)
    assert body["type"] == "submission.decided"
    assert body["data"] == {
        "id": sent["id"],
        "submission": sent["submission"],
        "kind": "template",
        "status": "approved",
        "decided_by": "machine",
        "message": "",
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(arrived.body + b" ", arrived.headers)
    assert "验证码" not in json.dumps(body, ensure_ascii=False)
    assert state(service, address) == ["sent"]
    assert deliver(service) == 0


def test_a_rotation_signs_with_both_secrets(service: StoredService, receiver: Receiver) -> None:
    address, old = add(service, receiver)
    new = ask(service, "POST", f"{address}/rotate", json={"overlap_hours": 1})["secret"]
    ask(service, "POST", f"{address}/test", 202)
    deliver(service)
    for secret in (old, new):
        assert (
            Webhook(secret).verify(receiver.arrived[0].body, receiver.arrived[0].headers)["type"]
            == "webhook.test"
        )
    ask(service, "POST", f"{address}/rotate", json={"overlap_hours": 0})
    ask(service, "POST", f"{address}/test", 202)
    deliver(service)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(receiver.arrived[1].body, receiver.arrived[1].headers)


def test_a_retry_has_the_same_id_and_body(service: StoredService, receiver: Receiver) -> None:
    address, secret = add(service, receiver)
    receiver.answer(500, 200, body=b"try later")
    ask(service, "POST", f"{address}/test", 202)
    deliver(service)
    assert deliver(service) == 0
    service.clock.forward(seconds=6)
    deliver(service)
    first, second = receiver.arrived
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    Webhook(secret).verify(second.body, second.headers)
    attempts = ask(service, "GET", f"{address}/attempts")["attempts"]
    assert [(one["status"], one["answer"]) for one in attempts] == [(200, "try later"), (500, "try later")]
    assert attempts[0]["body"].encode() == second.body
    assert all(one["milliseconds"] >= 0 for one in attempts)


@pytest.mark.parametrize("status", [100, 204, 299, 300, 301, 304, 400, 404, 500, 503])
def test_only_2xx_counts_as_delivered(service: StoredService, receiver: Receiver, status: int) -> None:
    address, _ = add(service, receiver)
    receiver.answer(status)
    ask(service, "POST", f"{address}/test", 202)
    deliver(service)
    assert state(service, address) == ["sent" if 200 <= status < 300 else "waiting"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(service: StoredService, receiver: Receiver, status: int) -> None:
    with receiving() as other:
        address, _ = add(service, receiver)
        receiver.answer(status, location=other.url)
        ask(service, "POST", f"{address}/test", 202)
        deliver(service)
        assert (len(receiver.arrived), len(other.arrived)) == (1, 0)
    assert state(service, address) == ["waiting"]


def test_a_receiver_that_hangs_is_given_up_and_does_not_hold_up_others(
    service: StoredService, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "ATTEMPT_SECONDS", 1.0)
    receiver.hangs = True
    with receiving() as other:
        hanging, working = add(service, receiver)[0], add(service, other)[0]
        for _ in range(6):
            ask(service, "POST", f"{hanging}/test", 202)
        ask(service, "POST", f"{working}/test", 202)
        deliver(service)
        assert len(other.arrived) == 1
    assert {one["answer"] for one in ask(service, "GET", f"{hanging}/attempts")["attempts"]} == {"timeout"}
    assert state(service, hanging) == ["waiting"] * 6


def test_a_receiver_that_is_away(service: StoredService) -> None:
    with receiving() as receiver:
        address, _ = add(service, receiver)
    ask(service, "POST", f"{address}/test", 202)
    deliver(service)
    [attempt] = ask(service, "GET", f"{address}/attempts")["attempts"]
    assert attempt["status"] is None
    assert attempt["answer"].startswith("ConnectError")


def test_an_endless_answer_is_cut(service: StoredService, receiver: Receiver) -> None:
    address, _ = add(service, receiver)
    receiver.answer(200, body=b"x" * 5_000_000)
    ask(service, "POST", f"{address}/test", 202)
    deliver(service)
    [attempt] = ask(service, "GET", f"{address}/attempts")["attempts"]
    assert (attempt["status"], attempt["answer"]) == (200, "x" * 500)


def test_410_disables_and_429_slows_down(service: StoredService, receiver: Receiver) -> None:
    address, _ = add(service, receiver)
    receiver.answer(429, 410, retry_after="120")
    ask(service, "POST", f"{address}/test", 202)
    deliver(service)
    assert ask(service, "GET", address)["slowed_until"] is not None
    ask(service, "POST", f"{address}/test", 202)
    assert deliver(service) == 0
    service.clock.forward(seconds=121)
    deliver(service)
    assert ask(service, "GET", address)["disabled_at"] is not None
    ask(service, "POST", f"{address}/test", 409)
    enabled = ask(service, "PATCH", address, json={"disabled": False})
    assert (enabled["disabled_at"], enabled["slowed_until"]) == (None, None)


def test_dead_letters_are_listed_and_replayed(service: StoredService, receiver: Receiver) -> None:
    address, _ = add(service, receiver)
    receiver.answer(500)
    sent = ask(service, "POST", f"{address}/test", 202)["message_id"]
    for _ in SCHEDULE:
        deliver(service)
        service.clock.forward(hours=30)
    dead = ask(service, "GET", f"{address}/messages", params={"state": "dead"})["messages"]
    assert [(one["message_id"], one["attempts"]) for one in dead] == [(sent, 10)]
    assert ask(service, "GET", address)["dead"] == 1
    receiver.answer(200)
    assert ask(service, "POST", f"{address}/replay", 202, json={"since": "2999-01-01T00:00:00Z"}) == {
        "messages": 0
    }
    assert ask(service, "POST", f"{address}/replay", 202, json={}) == {"messages": 1}
    deliver(service)
    assert {one.headers["webhook-id"] for one in receiver.arrived} == {sent}
    assert state(service, address) == ["sent"]
    ask(service, "POST", f"{address}/messages/{sent}/resend", 202)
    deliver(service)
    assert len(receiver.arrived) == len(SCHEDULE) + 2


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("inside.example", ["10.0.0.7"]),
        ("loopback.example", ["127.0.0.1"]),
        ("metadata.example", ["169.254.169.254"]),
        ("mixed.example", ["93.184.216.34", "127.0.0.1"]),
        ("mapped.example", ["::ffff:127.0.0.1"]),
    ],
)
def test_names_with_private_addresses_are_refused(
    service: StoredService,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    addresses: list[str],
) -> None:
    made = ask(service, "POST", "/v1/webhooks", 201, json={"url": f"http://{host}:{receiver.port}/"})
    address = f"/v1/webhooks/{made['id']}"

    def resolve(name: str, port: int, *_rest: Any, **_named: Any) -> list[Any]:
        assert name == host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolve)
        ask(service, "POST", f"{address}/test", 202)
        deliver(service, private=False)
    assert receiver.arrived == []
    [attempt] = ask(service, "GET", f"{address}/attempts")["attempts"]
    assert attempt["status"] is None
    assert "SMSVET_WEBHOOK_PRIVATE=1" in attempt["answer"]


def test_the_connection_goes_to_the_address_that_was_checked(
    service: StoredService, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server could answer the check with one address and the connection with another."""
    made = ask(service, "POST", "/v1/webhooks", 201, json={"url": f"http://moves.example:{receiver.port}/x"})
    asked: list[str] = []

    def resolve(name: str, port: int, *_rest: Any, **_named: Any) -> list[Any]:
        if name == "moves.example":
            asked.append(name)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolve)
        ask(service, "POST", f"/v1/webhooks/{made['id']}/test", 202)
        deliver(service)
    assert asked == ["moves.example"]
    assert receiver.arrived[0].headers["host"] == f"moves.example:{receiver.port}"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "ftp://receiver.example"}, "url"),
        ({"url": "https://user@receiver.example"}, "url"),
        ({"url": "https://receiver.example/\0"}, "url"),
        ({"url": 1}, "url"),
        ({}, "url"),
        ({"url": "https://receiver.example", "events": ["x"]}, "events.0"),
        ({"url": "https://receiver.example", "secret": "mine"}, "secret"),
    ],
)
def test_wrong_endpoints_are_refused(service: StoredService, body: Any, field: str) -> None:
    response = service.ask("submitter", "POST", "/v1/webhooks", json=body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_who_may_do_what(service: StoredService, receiver: Receiver) -> None:
    address, _ = add(service, receiver)
    allowed = {
        role: [
            service.ask(role, method, path, json=body).status_code
            for method, path, body in (
                ("GET", address, None),
                ("GET", f"{address}/messages", None),
                ("PATCH", address, {"disabled": False}),
                ("POST", "/v1/webhooks", {"url": receiver.url}),
            )
        ]
        for role in ("reviewer", "lead", "rule_manager", "auditor", "admin")
    }
    assert allowed == {
        "reviewer": [403, 403, 403, 403],
        "lead": [200, 200, 403, 403],
        "rule_manager": [200, 200, 403, 403],
        "auditor": [200, 200, 403, 403],
        "admin": [200, 200, 200, 201],
    }
    assert service.ask("submitter", "GET", address, "somebody").status_code == 404
