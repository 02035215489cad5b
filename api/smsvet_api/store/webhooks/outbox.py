"""The outbox: a message is stored in the transaction of its decision, and delivered afterwards."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..instants import text_of
from .tables import outbox, webhooks


def enqueue(
    connection: sa.Connection,
    owner_id: int,
    kind: str,
    data: Mapping[str, Any],
    at: datetime,
    due_at: datetime,
    resolution_id: int | None = None,
) -> None:
    """Store a message for each endpoint of an owner that takes this kind; nothing is sent before `due_at`.

    The body is that of Standard Webhooks: `{"type", "timestamp", "data"}`. Messages of a resolution are withdrawn
    together with it.
    """
    endpoints = connection.execute(
        sa.select(webhooks.c.id, webhooks.c.events).where(
            webhooks.c.owner_id == owner_id, webhooks.c.disabled_at.is_(None)
        )
    )
    for endpoint in endpoints.all():
        if endpoint.events and kind not in endpoint.events:
            continue
        insert_message(connection, endpoint.id, kind, data, at, due_at, resolution_id)


def insert_message(
    connection: sa.Connection,
    endpoint_id: int,
    kind: str,
    data: Mapping[str, Any],
    at: datetime,
    due_at: datetime,
    resolution_id: int | None = None,
) -> str:
    """Store a message for one endpoint within the caller's transaction and return its id, `webhook-id` of every attempt."""
    message_id = f"msg_{secrets.token_urlsafe(24)}"
    body = {"type": kind, "timestamp": text_of(at), "data": dict(data)}
    connection.execute(
        outbox.insert().values(
            webhook_id=endpoint_id,
            message_id=message_id,
            kind=kind,
            body=_encoded(body),
            resolution_id=resolution_id,
            state="waiting",
            attempts=0,
            due_at=due_at,
            created_at=at,
        )
    )
    return message_id


def forget_messages(connection: sa.Connection, resolution_ids: sa.Select[tuple[int]]) -> None:
    """Delete a person's message to the submitter from the bodies of the messages of resolutions.

    A message that is sent again afterwards has the status without it.
    """
    of = outbox.c.resolution_id.in_(resolution_ids)
    for row in connection.execute(sa.select(outbox.c.id, outbox.c.body).where(of)).all():
        body = json.loads(row.body)
        if body["data"].get("message"):
            body["data"]["message"] = ""
            connection.execute(outbox.update().where(outbox.c.id == row.id).values(body=_encoded(body)))


def _encoded(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))
