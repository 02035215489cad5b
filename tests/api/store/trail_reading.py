"""Reads the trail in tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from smsvet_api.store.store import Store


def recorded(store: Store, *kinds: str) -> list[tuple[str, str, str, Any]]:
    """Return kind, actor, subject and body of the events, of some kinds or of all."""
    from smsvet_api.store.trail.tables import events

    with store.database.reading() as connection:
        rows = connection.execute(sa.select(events).order_by(events.c.seq)).all()
    return [
        (row.kind, row.actor, row.subject, json.loads(row.body))
        for row in rows
        if not kinds or row.kind in kinds
    ]


def whole_database(store: Store) -> str:
    """Return every value of every table as one text."""
    from smsvet_api.store.schema import metadata

    with store.database.reading() as connection:
        tables = sa.inspect(connection).get_table_names()
        assert set(metadata.tables) <= set(tables)
        return "\n".join(
            repr(tuple(row))
            for name in tables
            for row in connection.execute(sa.text(f'select * from "{name}"'))
        )
