"""The messages of an endpoint, the attempts to deliver them, and sending one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from ..accounts.users import User
from ..cursors import cursor_of_id, id_of
from ..errors import ConflictError, NotFoundError
from ..paging import newest_rows
from ..store import Store
from ..trail.events import append
from .endpoints import endpoint_row
from .tables import deliveries, outbox

STATES: Final = ("waiting", "sent", "dead", "withdrawn")
SHOWN: Final = 50
"""Attempts that are listed."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of an endpoint. `dead`: no attempt succeeded, and none follows."""

    message_id: str
    kind: str
    body: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class MadeAttempt:
    """An attempt that was made. `status` is None without an answer; `answer` is its beginning, or the error."""

    message_id: str
    kind: str
    at: datetime
    status: int | None
    milliseconds: int
    body: str
    answer: str


def list_messages(
    store: Store,
    user: User,
    endpoint_id: int,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[list[Message], str | None]:
    """Return a page of an endpoint's messages, the newest first, and the cursor of the next page. Raises NotFoundError."""
    query = sa.select(outbox).where(outbox.c.webhook_id == endpoint_id)
    if state is not None:
        query = query.where(outbox.c.state == state)
    before = None if cursor is None else id_of(cursor)
    with store.database.reading() as connection:
        endpoint_row(connection, user, endpoint_id)
        rows, following = newest_rows(connection, query, outbox.c.id, before, limit)
    found = [
        Message(row.message_id, row.kind, row.body, row.state, row.attempts, row.created_at, row.due_at)
        for row in rows
    ]
    return found, cursor_of_id(following)


def list_attempts(store: Store, user: User, endpoint_id: int) -> list[MadeAttempt]:
    """Return the last attempts to deliver to an endpoint, the newest first. Raises NotFoundError."""
    query = (
        sa.select(deliveries, outbox.c.message_id, outbox.c.kind, outbox.c.body)
        .join(outbox, outbox.c.id == deliveries.c.outbox_id)
        .where(outbox.c.webhook_id == endpoint_id)
        .order_by(deliveries.c.id.desc())
        .limit(SHOWN)
    )
    with store.database.reading() as connection:
        endpoint_row(connection, user, endpoint_id)
        rows = connection.execute(query).all()
    return [
        MadeAttempt(row.message_id, row.kind, row.at, row.status, row.milliseconds, row.body, row.answer)
        for row in rows
    ]


def resend(store: Store, user: User, endpoint_id: int, message_id: str) -> None:
    """Send a message again with the same id, at once and with all attempts of a new one.

    Raises NotFoundError, and ConflictError for a message whose decision was withdrawn.
    """
    at = store.now()
    with store.database.transaction() as connection:
        endpoint_row(connection, user, endpoint_id, changes=True)
        row = connection.execute(
            sa.select(outbox)
            .where(outbox.c.webhook_id == endpoint_id, outbox.c.message_id == message_id)
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFoundError("没有这条消息", "there is no such message")
        if row.state == "withdrawn":
            raise ConflictError("对应的决定已撤销", "its decision was withdrawn")
        if (
            row.state == "waiting" and row.attempts == 0
        ):  # it is about to be sent, or a decision is not final yet
            return
        connection.execute(outbox.update().where(outbox.c.id == row.id).values(**_anew(at)))
        append(
            connection, at, user.actor, "webhook.resent", f"webhook:{endpoint_id}", {"messages": [message_id]}
        )


def replay_dead(store: Store, user: User, endpoint_id: int, since: datetime | None = None) -> int:
    """Send the dead messages of an endpoint again and return their number; with `since` only those made from then on.

    Raises NotFoundError.
    """
    at = store.now()
    dead = (outbox.c.webhook_id == endpoint_id, outbox.c.state == "dead")
    condition = sa.and_(*dead) if since is None else sa.and_(*dead, outbox.c.created_at >= since)
    with store.database.transaction() as connection:
        endpoint_row(connection, user, endpoint_id, changes=True)
        number = connection.execute(outbox.update().where(condition).values(**_anew(at))).rowcount
        if number:
            append(
                connection, at, user.actor, "webhook.replayed", f"webhook:{endpoint_id}", {"messages": number}
            )
    return number


def _anew(at: datetime) -> dict[str, object]:
    return {"state": "waiting", "attempts": 0, "due_at": at, "leased_until": None}
