"""Disabled users who own what the house itself puts into the queue, so that no submitter has it in lists or messages."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from .failures import insert_or_ignore
from .tables import users


def house_user(connection: sa.Connection, at: datetime, name: str) -> int:
    """Return the id of a disabled user of the house, who is stored at the first call."""
    made = insert_or_ignore(connection, users).values(
        name=name, role="submitter", must_change=False, created_at=at, disabled_at=at, preferences={}
    )
    connection.execute(made)
    return int(connection.execute(sa.select(users.c.id).where(users.c.name == name)).scalar_one())
