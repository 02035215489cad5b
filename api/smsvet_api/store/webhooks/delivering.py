"""Which messages are due, and what follows from each attempt to deliver one."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ..store import Store
from ..trail.events import append
from .tables import deliveries, outbox, webhooks

SCHEDULE: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""Time before each attempt, counted from the failure of the one before. After the last one the message is dead."""
JITTER: Final = 0.2
"""A retry waits up to so much longer, so that messages that failed together do not come back together."""
LEASE: Final = timedelta(seconds=60)
"""So long a claimed message is not given to another process. An attempt takes less."""
SLOWED: Final = timedelta(seconds=60)
MOST_SLOWED: Final = timedelta(hours=1)
TOGETHER: Final = 4
"""Messages of one endpoint that are sent at the same time."""
ANSWER: Final = 500
"""Code points that are kept of an answer."""

GONE: Final = 410
_SLOW: Final = (429, 502, 504)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that this process may send until its lease is over."""

    id: int
    webhook_id: int
    message_id: str
    url: str
    body: str
    secrets: tuple[str, ...]
    """The secrets to sign with: two during a rotation."""
    attempts: int
    """Attempts before this one."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of one attempt."""

    status: int | None
    """None: no answer."""
    milliseconds: int
    answer: str
    """The beginning of the body, or the error."""
    retry_after: int | None = None
    """Seconds that the endpoint asked to wait."""


def claim_due(store: Store, limit: int, without: Collection[int] = ()) -> list[Outgoing]:
    """Return messages that are due and lease them to this process. `without` are endpoints that have enough in work."""
    now = store.now()
    with store.database.reading() as connection:  # most calls find nothing, and need no write lock
        if connection.execute(_due(now, without).limit(1)).one_or_none() is None:
            return []
    # PostgreSQL allows no window in a query that locks.
    place = sa.func.row_number().over(
        partition_by=outbox.c.webhook_id, order_by=(outbox.c.due_at, outbox.c.id)
    )
    ranked = _due(now, without).add_columns(place.label("place")).subquery()
    chosen = sa.select(ranked.c.id).where(ranked.c.place <= TOGETHER).order_by(ranked.c.id).limit(limit)
    locked = (
        sa.select(outbox.c.id)
        .where(outbox.c.id.in_(chosen), outbox.c.state == "waiting", _free(now))
        .with_for_update(skip_locked=True)
    )
    with store.database.transaction() as connection:
        taken = connection.execute(
            outbox.update().where(outbox.c.id.in_(locked)).values(leased_until=now + LEASE).returning(outbox)
        ).all()
        endpoints = {
            row.id: row
            for row in connection.execute(
                sa.select(webhooks).where(webhooks.c.id.in_({row.webhook_id for row in taken}))
            )
        }
    return [_outgoing(row, endpoints[row.webhook_id], now) for row in sorted(taken, key=lambda row: row.id)]


def record_attempt(store: Store, message: Outgoing, attempt: Attempt) -> None:
    """Store the outcome of an attempt: the message is sent, due again, or dead; 410 disables the endpoint."""
    at = store.now()
    with store.database.transaction() as connection:
        row = connection.execute(
            sa.select(outbox).where(outbox.c.id == message.id).with_for_update()
        ).one_or_none()
        if row is None:  # its endpoint was deleted meanwhile
            return
        connection.execute(
            deliveries.insert().values(
                outbox_id=message.id,
                at=at,
                status=attempt.status,
                milliseconds=attempt.milliseconds,
                answer=attempt.answer.replace("\0", "\ufffd")[:ANSWER],
            )
        )
        if row.state == "waiting" and row.attempts == message.attempts:  # else another process sent it too
            values = _after(attempt, message.attempts + 1, at)
            connection.execute(outbox.update().where(outbox.c.id == message.id).values(**values))
        _slow_or_disable(connection, message.webhook_id, attempt, at)


def _due(now: datetime, without: Collection[int]) -> Any:
    return (
        sa.select(outbox.c.id)
        .join(webhooks, webhooks.c.id == outbox.c.webhook_id)
        .where(
            outbox.c.state == "waiting",
            outbox.c.due_at <= now,
            _free(now),
            webhooks.c.disabled_at.is_(None),
            # A clock that was set back must not stop an endpoint or a message for longer than its time.
            sa.or_(
                webhooks.c.slowed_until.is_(None),
                webhooks.c.slowed_until <= now,
                webhooks.c.slowed_until > now + MOST_SLOWED,
            ),
            outbox.c.webhook_id.not_in(without),
        )
    )


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(
        outbox.c.leased_until.is_(None), outbox.c.leased_until <= now, outbox.c.leased_until > now + LEASE
    )


def _outgoing(row: Any, endpoint: Any, now: datetime) -> Outgoing:
    signing = [str(endpoint.secret)]
    if endpoint.old_secret is not None and endpoint.old_secret_until > now:
        signing.append(str(endpoint.old_secret))
    return Outgoing(
        row.id, row.webhook_id, row.message_id, endpoint.url, row.body, tuple(signing), row.attempts
    )


def _after(attempt: Attempt, attempts: int, at: datetime) -> dict[str, Any]:
    """Return the new values of a message after its attempt number `attempts`."""
    values: dict[str, Any] = {"attempts": attempts, "leased_until": None}
    if attempt.status is not None and 200 <= attempt.status < 300:
        return values | {"state": "sent"}
    if attempt.status == GONE or attempts >= len(SCHEDULE):
        return values | {"state": "dead"}
    pause = SCHEDULE[attempts] * (1 + JITTER * secrets.randbelow(1001) / 1000)
    return values | {"due_at": at + pause}


def _slow_or_disable(connection: sa.Connection, webhook_id: int, attempt: Attempt, at: datetime) -> None:
    if attempt.status in _SLOW:
        pause = SLOWED if attempt.retry_after is None else timedelta(seconds=attempt.retry_after)
        until = at + min(max(pause, SLOWED), MOST_SLOWED)
        connection.execute(webhooks.update().where(webhooks.c.id == webhook_id).values(slowed_until=until))
    if attempt.status == GONE:
        disabled = connection.execute(
            webhooks.update()
            .where(webhooks.c.id == webhook_id, webhooks.c.disabled_at.is_(None))
            .values(disabled_at=at)
            .returning(webhooks.c.id)
        ).one_or_none()
        if disabled is not None:
            append(connection, at, "system", "webhook.disabled", f"webhook:{webhook_id}", {"status": GONE})
