"""Turns of periodic tasks: of several processes, the first to come runs one."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from .accounts.failures import insert_or_ignore
from .accounts.tables import settings
from .instants import instant, text_of
from .store import Store


def take_turn(store: Store, task: str, every: timedelta) -> bool:
    """Return whether a task is due and this caller is the one to run it. Raises StoreDownError.

    It is due if its last turn was `every` ago, or is in the future because the clock was set back.
    """
    name, now = f"turn:{task}", store.now()
    row = settings.c.name == name
    with store.database.transaction() as connection:
        first = insert_or_ignore(connection, settings).values(name=name, value=text_of(now))
        if connection.execute(first.returning(settings.c.name)).first() is not None:
            return True
        last = instant(
            connection.execute(sa.select(settings.c.value).where(row).with_for_update()).scalar_one()
        )
        if last <= now < last + every:
            return False
        connection.execute(settings.update().where(row).values(value=text_of(now)))
        return True
