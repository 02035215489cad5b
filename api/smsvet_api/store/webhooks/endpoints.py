"""Endpoints: where the messages for a submitter's system go, and the secrets that sign them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..cursors import cursor_of_id, id_of
from ..errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from ..store import Store
from ..trail.events import append
from .addresses import check_url
from .kinds import KINDS, TEST
from .outbox import insert_message
from .tables import deliveries, outbox, webhooks

SECRET_BYTES: Final = 32
"""Standard Webhooks allows 24 to 64."""
OVERLAP: Final = timedelta(hours=24)
"""So long after a rotation messages are signed with the old secret too."""
MOST: Final = 20
"""Endpoints of one user."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint. Its secret is only returned when it is made."""

    id: int
    owner: str
    url: str
    events: tuple[str, ...]
    """Kinds of messages that are sent; empty: all."""
    created_at: datetime
    disabled_at: datetime | None
    slowed_until: datetime | None
    """The endpoint is overloaded: nothing is sent before."""
    old_secret_until: datetime | None
    waiting: int
    dead: int


def add_endpoint(
    store: Store,
    user: User,
    url: str,
    events: Sequence[str],
    owner: str | None = None,
    *,
    private: bool = False,
) -> tuple[Endpoint, str]:
    """Store an endpoint and return it with its secret. Only an admin may name another user as `owner`.

    Raises RefusedError naming the field, ForbiddenError, and ConflictError for more than `MOST` endpoints.
    """
    check_url(url, private=private)
    kinds = _checked(events)
    secret = _new_secret()
    at = store.now()
    with store.database.transaction() as connection:
        owner_id = _owner(connection, user, owner)
        number = connection.execute(
            sa.select(sa.func.count()).select_from(webhooks).where(webhooks.c.owner_id == owner_id)
        ).scalar_one()
        if number >= MOST:
            raise ConflictError(f"每个用户至多 {MOST} 个地址", f"a user has {MOST} endpoints at most")
        row = connection.execute(
            webhooks.insert()
            .values(owner_id=owner_id, url=url, events=kinds, secret=secret, created_at=at)
            .returning(webhooks)
        ).one()
        append(
            connection,
            at,
            user.actor,
            "webhook.added",
            f"webhook:{row.id}",
            {"owner": owner_id, "events": kinds},
        )
        return _endpoints(connection, [row])[0], secret


def read_endpoint(store: Store, user: User, endpoint_id: int) -> Endpoint:
    """Return one endpoint. Raises NotFoundError if there is none that the user may see."""
    with store.database.reading() as connection:
        return _endpoints(connection, [endpoint_row(connection, user, endpoint_id)])[0]


def list_endpoints(
    store: Store, user: User, cursor: str | None = None, limit: int = 50
) -> tuple[list[Endpoint], str | None]:
    """Return a page of the endpoints that the user may see, the oldest first, and the cursor of the next page."""
    query = sa.select(webhooks).where(_visible(user))
    if cursor is not None:
        query = query.where(webhooks.c.id > id_of(cursor))
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(webhooks.c.id).limit(limit + 1)).all()
        found = _endpoints(connection, rows[:limit])
    return found, cursor_of_id(found[-1].id if len(rows) > limit else None)


def change_endpoint(
    store: Store,
    user: User,
    endpoint_id: int,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    disabled: bool | None = None,
    private: bool = False,
) -> Endpoint:
    """Change the parts of an endpoint that are given and return it.

    A disabled endpoint gets no messages; those that wait are sent once it is enabled. Raises NotFoundError and
    RefusedError naming the field.
    """
    values: dict[str, Any] = {}
    if url is not None:
        check_url(url, private=private)
        values["url"] = url
    if events is not None:
        values["events"] = _checked(events)
    at = store.now()
    with store.database.transaction() as connection:
        row = endpoint_row(connection, user, endpoint_id, changes=True)
        if disabled is not None and disabled != (row.disabled_at is not None):
            values |= {"disabled_at": at if disabled else None, "slowed_until": None}
        if values:
            connection.execute(webhooks.update().where(webhooks.c.id == endpoint_id).values(**values))
            body = {
                "fields": sorted(set(values) - {"slowed_until"}),
                "disabled": values.get("disabled_at") is not None,
            }
            append(connection, at, user.actor, "webhook.changed", f"webhook:{endpoint_id}", body)
        return _endpoints(connection, [endpoint_row(connection, user, endpoint_id)])[0]


def delete_endpoint(store: Store, user: User, endpoint_id: int) -> None:
    """Delete an endpoint with its messages and attempts. Raises NotFoundError."""
    at = store.now()
    with store.database.transaction() as connection:
        endpoint_row(connection, user, endpoint_id, changes=True)
        messages = sa.select(outbox.c.id).where(outbox.c.webhook_id == endpoint_id)
        connection.execute(deliveries.delete().where(deliveries.c.outbox_id.in_(messages)))
        connection.execute(outbox.delete().where(outbox.c.webhook_id == endpoint_id))
        connection.execute(webhooks.delete().where(webhooks.c.id == endpoint_id))
        append(connection, at, user.actor, "webhook.deleted", f"webhook:{endpoint_id}")


def rotate_secret(store: Store, user: User, endpoint_id: int, overlap: timedelta = OVERLAP) -> str:
    """Return a new secret. Until `overlap` is over, messages are signed with the old one too. Raises NotFoundError."""
    secret = _new_secret()
    at = store.now()
    with store.database.transaction() as connection:
        row = endpoint_row(connection, user, endpoint_id, changes=True)
        connection.execute(
            webhooks.update()
            .where(webhooks.c.id == endpoint_id)
            .values(
                secret=secret,
                old_secret=row.secret if overlap else None,
                old_secret_until=at + overlap if overlap else None,
            )
        )
        append(connection, at, user.actor, "webhook.rotated", f"webhook:{endpoint_id}")
    return secret


def send_test(store: Store, user: User, endpoint_id: int) -> str:
    """Store a message that tries an endpoint and return its id. Raises NotFoundError, and ConflictError if it is disabled."""
    at = store.now()
    with store.database.transaction() as connection:
        row = endpoint_row(connection, user, endpoint_id, changes=True)
        if row.disabled_at is not None:
            raise ConflictError("此地址已停用", "the endpoint is disabled")
        return insert_message(connection, endpoint_id, TEST, {"webhook": endpoint_id}, at, at)


def endpoint_row(connection: sa.Connection, user: User, endpoint_id: int, *, changes: bool = False) -> Any:
    """Return the row of an endpoint that the user may see or, with `changes`, change. Raises NotFoundError."""
    query = sa.select(webhooks).where(webhooks.c.id == endpoint_id, _visible(user, changes=changes))
    row = connection.execute(query.with_for_update() if changes else query).one_or_none()
    if row is None:
        raise NotFoundError("没有这个地址", "there is no such endpoint")
    return row


def _visible(user: User, *, changes: bool = False) -> sa.ColumnElement[bool]:
    everybody = user.may("admin") or (user.may("read") and not changes)
    return sa.true() if everybody else webhooks.c.owner_id == user.id


def _owner(connection: sa.Connection, user: User, name: str | None) -> int:
    if name is None or name == user.name:
        return user.id
    if not user.may("admin"):
        raise ForbiddenError("只有管理员可以为他人添加", "only an admin may add an endpoint of somebody else")
    found = connection.execute(sa.select(users.c.id).where(users.c.name == name)).scalar_one_or_none()
    if found is None:
        raise RefusedError("owner", "没有这个用户", "there is no such user")
    return int(found)


def _checked(events: Sequence[str]) -> list[str]:
    for kind in events:
        if kind not in KINDS:
            known = ", ".join(KINDS)
            raise RefusedError("events", f"可用：{known}", f"known: {known}")
    return sorted(set(events))


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _endpoints(connection: sa.Connection, rows: Sequence[Any]) -> list[Endpoint]:
    counted = connection.execute(
        sa.select(outbox.c.webhook_id, outbox.c.state, sa.func.count().label("number"))
        .where(outbox.c.webhook_id.in_([row.id for row in rows]), outbox.c.state.in_(("waiting", "dead")))
        .group_by(outbox.c.webhook_id, outbox.c.state)
    )
    numbers = {(row.webhook_id, row.state): row.number for row in counted}
    owners = sa.select(users.c.id, users.c.name).where(users.c.id.in_([row.owner_id for row in rows]))
    names = {row.id: row.name for row in connection.execute(owners)}
    return [
        Endpoint(
            row.id,
            names[row.owner_id],
            row.url,
            tuple(row.events),
            row.created_at,
            row.disabled_at,
            row.slowed_until,
            row.old_secret_until,
            numbers.get((row.id, "waiting"), 0),
            numbers.get((row.id, "dead"), 0),
        )
        for row in rows
    ]
