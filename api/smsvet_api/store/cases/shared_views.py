"""Filters of the queue that leads save under a name for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from ..accounts.failures import insert_or_ignore
from ..accounts.tables import settings
from ..accounts.users import User
from ..errors import ForbiddenError, RefusedError
from ..store import Store
from ..trail.events import append

NAME: Final = "queue_views"
"""The name of the views in the table of settings."""
MOST: Final = 9


def shared_views(store: Store) -> Mapping[str, str]:
    """Return the queries of the shared views by name, the first one saved first."""
    with store.database.reading() as connection:
        value = connection.execute(
            sa.select(settings.c.value).where(settings.c.name == NAME)
        ).scalar_one_or_none()
    return {} if value is None else dict(value)


def change_shared_view(store: Store, user: User, name: str, query: str | None) -> None:
    """Share the query of a filter under a name, or with None stop sharing it.

    Raises ForbiddenError for a user who is not a lead, and RefusedError for more than MOST views.
    """
    if user.role != "lead":
        raise ForbiddenError("只有组长可以共享视图", "only a lead can share views")
    row = settings.c.name == NAME
    with store.database.transaction() as connection:
        connection.execute(insert_or_ignore(connection, settings).values(name=NAME, value={}))
        stored = connection.execute(sa.select(settings.c.value).where(row).with_for_update()).scalar_one()
        views = dict(stored)
        if query is None:
            views.pop(name, None)
        else:
            views[name] = query
        if len(views) > MOST:
            raise RefusedError("name", f"最多共享 {MOST} 个视图", f"at most {MOST} views can be shared")
        connection.execute(settings.update().where(row).values(value=views))
        append(
            connection,
            store.now(),
            user.actor,
            "settings.changed",
            f"setting:{NAME}",
            {"value": sorted(views)},
        )
