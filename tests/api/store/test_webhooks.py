"""Endpoints, the outbox and its leases: each message goes out once, later and later, and never after a withdrawal."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from smsvet_api.store.accounts.users import User
from smsvet_api.store.cases.choice import Choice
from smsvet_api.store.cases.claiming import claim
from smsvet_api.store.cases.deciding import decide, undo
from smsvet_api.store.cases.tables import cases
from smsvet_api.store.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from smsvet_api.store.store import Store
from smsvet_api.store.submissions.drafts import Draft
from smsvet_api.store.submissions.submitting import receive, record_verdict
from smsvet_api.store.trail.tables import events
from smsvet_api.store.webhooks.delivering import (
    JITTER,
    LEASE,
    SCHEDULE,
    TOGETHER,
    Attempt,
    Outgoing,
    claim_due,
    record_attempt,
)
from smsvet_api.store.webhooks.endpoints import (
    MOST,
    Endpoint,
    add_endpoint,
    change_endpoint,
    delete_endpoint,
    list_endpoints,
    read_endpoint,
    rotate_secret,
    send_test,
)
from smsvet_api.store.webhooks.kinds import DECIDED, IN_REVIEW, status_message
from smsvet_api.store.webhooks.messages import list_attempts, list_messages, replay_dead, resend
from smsvet_api.store.webhooks.outbox import enqueue
from smsvet_api.store.webhooks.tables import outbox

from .accounts import add_user
from .databases import TestClock

URL = "https://receiver.example/hook"
OK, FAILED, GONE = Attempt(200, 3, "ok"), Attempt(500, 3, "no"), Attempt(410, 3, "gone")


@pytest.fixture
def user(store: Store) -> User:
    return add_user(store, "ann", "submitter")


@pytest.fixture
def endpoint(store: Store, user: User) -> Endpoint:
    return add_endpoint(store, user, URL, [])[0]


def put(store: Store, user: User, number: int = 1, kind: str = DECIDED, delay: int = 0) -> None:
    at = store.now()
    with store.database.transaction() as connection:
        for place in range(number):
            enqueue(connection, user.id, kind, {"number": place}, at, at + timedelta(seconds=delay))


def claim_one(store: Store) -> Outgoing:
    [message] = claim_due(store, 10)
    return message


def kinds_in_trail(store: Store) -> list[str]:
    with store.database.reading() as connection:
        return list(connection.execute(sa.select(events.c.kind).order_by(events.c.seq)).scalars())


def test_a_secret_has_32_random_bytes_and_is_shown_once(store: Store, user: User) -> None:
    made, secret = add_endpoint(store, user, URL, [DECIDED])
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret not in repr(read_endpoint(store, user, made.id))
    assert add_endpoint(store, user, URL, [])[1] != secret
    with store.database.reading() as connection:
        bodies = " ".join(connection.execute(sa.select(events.c.body)).scalars())
    assert secret not in bodies
    assert "receiver" not in bodies


def test_endpoints_are_their_owners(store: Store, user: User, endpoint: Endpoint) -> None:
    other, auditor = add_user(store, "bob", "submitter"), add_user(store, "eve", "auditor")
    admin = add_user(store, "root", "admin")
    for refused in (read_endpoint, delete_endpoint, rotate_secret, send_test, list_messages, list_attempts):
        with pytest.raises(NotFoundError):
            refused(store, other, endpoint.id)
    assert list_endpoints(store, other) == ([], None)
    assert read_endpoint(store, auditor, endpoint.id) == endpoint
    with pytest.raises(NotFoundError):
        change_endpoint(store, auditor, endpoint.id, disabled=True)
    assert change_endpoint(store, admin, endpoint.id, disabled=True).disabled_at is not None
    with pytest.raises(ForbiddenError):
        add_endpoint(store, other, URL, [], owner="ann")
    with pytest.raises(RefusedError):
        add_endpoint(store, admin, URL, [], owner="nobody")
    assert add_endpoint(store, admin, URL, [], owner="ann")[0].owner == "ann"


def test_endpoints_of_a_user_are_bounded(store: Store, user: User) -> None:
    for _ in range(MOST):
        add_endpoint(store, user, URL, [])
    with pytest.raises(ConflictError):
        add_endpoint(store, user, URL, [])
    page, cursor = list_endpoints(store, user, limit=15)
    rest, end = list_endpoints(store, user, cursor, limit=15)
    assert (len(page), len(rest), end) == (15, MOST - 15, None)


def test_an_endpoint_gets_the_kinds_it_takes(store: Store, user: User) -> None:
    add_endpoint(store, user, URL, [DECIDED])
    put(store, user, kind=IN_REVIEW)
    assert claim_due(store, 10) == []
    put(store, user, kind=DECIDED)
    assert json.loads(claim_one(store).body)["type"] == DECIDED
    with pytest.raises(RefusedError):
        add_endpoint(store, user, URL, ["submission.unknown"])


def test_a_message_is_given_to_one_process_until_its_lease_is_over(
    store: Store, user: User, endpoint: Endpoint, clock: TestClock
) -> None:
    put(store, user)
    first = claim_one(store)
    assert claim_due(store, 10) == []
    clock.forward(seconds=LEASE.total_seconds())  # the process crashed
    again = claim_one(store)
    assert (again.message_id, again.body) == (first.message_id, first.body)
    record_attempt(store, again, OK)
    record_attempt(store, first, FAILED)  # it was only slow
    clock.forward(days=2)
    assert claim_due(store, 10) == []
    assert [one.status for one in list_attempts(store, user, endpoint.id)] == [500, 200]


def test_a_clock_that_was_set_back_keeps_no_message_leased(
    store: Store, user: User, endpoint: Endpoint, clock: TestClock
) -> None:
    put(store, user)
    clock.forward(days=30)
    claim_one(store)
    clock.forward(days=-29)
    assert claim_one(store).attempts == 0


def test_many_processes_claim_each_message_once(store: Store, user: User) -> None:
    for _ in range(5):
        add_endpoint(store, user, URL, [])
    put(store, user, 8)

    def work(_number: int) -> list[int]:
        found = []
        for _ in range(30):
            for message in claim_due(store, 3):
                found.append(message.id)
                record_attempt(store, message, OK)
        return found

    with ThreadPoolExecutor(6) as threads:
        sent = [one for found in threads.map(work, range(6)) for one in found]
    assert len(sent) == len(set(sent)) == 40


def test_one_endpoint_does_not_hold_up_the_others(store: Store, user: User, endpoint: Endpoint) -> None:
    put(store, user, 30)
    other = add_endpoint(store, user, URL, [])[0]
    put(store, user, 1)
    claimed = [message.webhook_id for message in claim_due(store, 10)]
    assert claimed.count(endpoint.id) == TOGETHER
    assert claimed.count(other.id) == 1
    assert claim_due(store, 10, [endpoint.id]) == []


def test_attempts_follow_the_schedule_and_end_as_a_dead_letter(
    store: Store, user: User, endpoint: Endpoint, clock: TestClock
) -> None:
    put(store, user)
    for number, pause in enumerate(SCHEDULE, start=1):
        if pause:
            clock.forward(seconds=pause.total_seconds() - 1)
            assert claim_due(store, 10) == []
            clock.forward(seconds=pause.total_seconds() * JITTER + 1)
        record_attempt(store, claim_one(store), FAILED)
        state = "waiting" if number < len(SCHEDULE) else "dead"
        assert [one.state for one in list_messages(store, user, endpoint.id)[0]] == [state]
    clock.forward(days=9)
    assert claim_due(store, 10) == []
    assert read_endpoint(store, user, endpoint.id).dead == 1
    assert sum(SCHEDULE, timedelta()) > timedelta(days=3)


def test_dead_letters_are_replayed_with_the_same_id(
    store: Store, user: User, endpoint: Endpoint, clock: TestClock
) -> None:
    put(store, user, 2)
    for _ in SCHEDULE:
        for message in claim_due(store, 10):
            record_attempt(store, message, FAILED)
        clock.forward(days=2)
    before = {one.message_id for one in list_messages(store, user, endpoint.id, "dead")[0]}
    assert replay_dead(store, user, endpoint.id, since=store.now()) == 0
    assert replay_dead(store, user, endpoint.id) == 2
    assert {one.message_id for one in claim_due(store, 10)} == before
    assert kinds_in_trail(store)[-1] == "webhook.replayed"


def test_a_sent_message_is_sent_again_on_request(store: Store, user: User, endpoint: Endpoint) -> None:
    put(store, user)
    message = claim_one(store)
    record_attempt(store, message, OK)
    resend(store, user, endpoint.id, message.message_id)
    assert claim_one(store).body == message.body
    with pytest.raises(NotFoundError):
        resend(store, user, endpoint.id, "msg_unknown")


def test_a_withdrawn_message_is_never_sent(
    store: Store, user: User, endpoint: Endpoint, clock: TestClock
) -> None:
    put(store, user, delay=15)
    [waiting] = list_messages(store, user, endpoint.id)[0]
    resend(store, user, endpoint.id, waiting.message_id)  # does not bring it forward
    clock.forward(seconds=14)
    assert claim_due(store, 10) == []
    with store.database.transaction() as connection:
        connection.execute(outbox.update().values(state="withdrawn"))
    clock.forward(days=5)
    assert claim_due(store, 10) == []
    with pytest.raises(ConflictError):
        resend(store, user, endpoint.id, waiting.message_id)
    assert replay_dead(store, user, endpoint.id) == 0


def in_review(store: Store, user: User) -> int:
    """Store a submission whose case a reviewer claims, and return the case."""
    received = receive(store, user, Draft({"body": "全场5折"}, "template", "tencent", None, None))
    verdict = {
        "decision": "manual_review", "as_of": "2026-11-28", "revision": "r", "findings": [], "faults": [{"rule": "a"}],
    }  # fmt: skip
    record_verdict(store, received.id, verdict)
    with store.database.reading() as connection:
        return int(connection.execute(sa.select(cases.c.id)).scalar_one())


@pytest.mark.parametrize(("seconds", "sent"), [(0, 0), (14.9, 0), (15, 1)])
def test_a_decision_goes_out_after_15_seconds_unless_it_is_undone(
    store: Store, user: User, endpoint: Endpoint, clock: TestClock, seconds: float, sent: int
) -> None:
    reviewer = add_user(store, "rex", "reviewer")
    case_id = in_review(store, user)
    for message in claim_due(store, 10):
        record_attempt(store, message, OK)
    claimed = claim(store, reviewer, case_id)
    decide(store, reviewer, case_id, claimed.version, Choice("approve"), "decision-1")
    clock.forward(seconds=seconds)
    if sent:
        with pytest.raises(ConflictError) as refused:
            undo(store, reviewer, case_id)
        assert refused.value.name == "too-late"
    else:
        undo(store, reviewer, case_id)
        clock.forward(days=5)
    decided = [json.loads(message.body)["data"] for message in claim_due(store, 10)]
    assert [(one["status"], one["decided_by"]) for one in decided] == [("approved", "person")] * sent


def test_410_disables_the_endpoint(store: Store, user: User, endpoint: Endpoint) -> None:
    put(store, user, 2)
    for message in claim_due(store, 10):
        record_attempt(store, message, GONE)
    assert read_endpoint(store, user, endpoint.id).disabled_at == store.now()
    assert kinds_in_trail(store).count("webhook.disabled") == 1
    put(store, user)
    assert [one.state for one in list_messages(store, user, endpoint.id)[0]] == ["dead", "dead"]
    with pytest.raises(ConflictError):
        send_test(store, user, endpoint.id)


def test_a_disabled_endpoint_gets_its_messages_once_it_is_enabled(
    store: Store, user: User, endpoint: Endpoint
) -> None:
    put(store, user)
    change_endpoint(store, user, endpoint.id, disabled=True)
    assert claim_due(store, 10) == []
    change_endpoint(store, user, endpoint.id, disabled=False, url=f"{URL}/2")
    assert claim_one(store).url == f"{URL}/2"


@pytest.mark.parametrize(
    ("status", "retry_after", "pause"),
    [(429, None, 60), (429, 300, 300), (429, 5, 60), (429, 10**6, 3600), (502, None, 60), (504, None, 60)],
)
def test_an_endpoint_that_is_overloaded_gets_a_pause(
    store: Store,
    user: User,
    endpoint: Endpoint,
    clock: TestClock,
    status: int,
    retry_after: int | None,
    pause: int,
) -> None:
    put(store, user, 2)
    first, _ = claim_due(store, 10)
    record_attempt(store, first, Attempt(status, 3, "", retry_after))
    send_test(store, user, endpoint.id)
    clock.forward(seconds=pause - 1)
    assert claim_due(store, 10) == []
    clock.forward(seconds=1)
    assert claim_due(store, 10)


def test_both_secrets_sign_during_a_rotation(
    store: Store, user: User, endpoint: Endpoint, clock: TestClock
) -> None:
    put(store, user, 1)
    [old] = claim_one(store).secrets
    new = rotate_secret(store, user, endpoint.id, timedelta(hours=1))
    put(store, user, 1)
    assert claim_one(store).secrets == (new, old)
    clock.forward(hours=1)
    put(store, user, 1)
    assert {message.secrets for message in claim_due(store, 10)} == {(new,)}
    newest = rotate_secret(store, user, endpoint.id, timedelta())
    put(store, user, 1)
    assert claim_one(store).secrets == (newest,)


def test_a_deleted_endpoint_takes_its_messages_along(store: Store, user: User, endpoint: Endpoint) -> None:
    put(store, user, 2)
    first, second = claim_due(store, 10)
    record_attempt(store, first, FAILED)
    delete_endpoint(store, user, endpoint.id)
    record_attempt(store, second, OK)  # it was on its way
    with pytest.raises(NotFoundError):
        read_endpoint(store, user, endpoint.id)
    assert claim_due(store, 10) == []
    assert kinds_in_trail(store)[-1] == "webhook.deleted"


def test_answers_are_kept_short_and_readable(store: Store, user: User, endpoint: Endpoint) -> None:
    put(store, user)
    record_attempt(store, claim_one(store), Attempt(500, 3, "\0" + "错" * 900))
    [made] = list_attempts(store, user, endpoint.id)
    assert made.answer == "\ufffd" + "错" * 499
    assert (made.status, made.milliseconds, json.loads(made.body)["data"]) == (500, 3, {"number": 0})


@pytest.mark.parametrize("character", ["😀", "错", "\0", '"', "\\"])
def test_a_body_stays_below_20_kb(store: Store, user: User, endpoint: Endpoint, character: str) -> None:
    class Row:
        client_id, id, kind = character * 128, 7, "template"

    at = store.now()
    with store.database.transaction() as connection:
        enqueue(
            connection, user.id, DECIDED, status_message(Row, "rejected", "person", character * 9000), at, at
        )
    assert len(claim_one(store).body.encode()) < 20_000
