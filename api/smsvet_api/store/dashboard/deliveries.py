"""Webhooks that fail, and messages that were given up."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import sqlalchemy as sa

from ..accounts.tables import users
from ..store import Store
from ..webhooks.tables import outbox, webhooks

_MOST = 20


@dataclass(frozen=True, slots=True)
class FailingEndpoint:
    """An endpoint with messages that were sent in vain."""

    id: int
    host: str
    owner: str
    retried: int
    """Messages that wait for another attempt."""
    dead: int
    """Messages that were given up."""
    disabled: bool


def failing_endpoints(store: Store) -> list[FailingEndpoint]:
    """Return the 20 endpoints with most messages that were given up or wait for another attempt."""
    retried = sa.func.sum(sa.case((outbox.c.state == "waiting", 1), else_=0))
    dead = sa.func.sum(sa.case((outbox.c.state == "dead", 1), else_=0))
    counted = (
        sa.select(outbox.c.webhook_id, retried.label("retried"), dead.label("dead"))
        .where(sa.or_(outbox.c.state == "dead", sa.and_(outbox.c.state == "waiting", outbox.c.attempts > 0)))
        .group_by(outbox.c.webhook_id)
        .subquery()
    )
    chosen = (
        sa.select(webhooks, users.c.name, counted.c.retried, counted.c.dead)
        .join(counted, counted.c.webhook_id == webhooks.c.id)
        .join(users, users.c.id == webhooks.c.owner_id)
        .order_by(counted.c.dead.desc(), counted.c.retried.desc(), webhooks.c.id)
        .limit(_MOST)
    )
    with store.database.reading() as connection:
        rows = connection.execute(chosen).all()
    return [
        FailingEndpoint(
            row.id,
            urlsplit(row.url).hostname or "",
            row.name,
            int(row.retried),
            int(row.dead),
            row.disabled_at is not None,
        )
        for row in rows
    ]
