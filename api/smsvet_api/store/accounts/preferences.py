"""What a user has chosen for the pages, the same in every browser."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from ..store import Store
from .tables import users


def change_preferences(store: Store, user_id: int, changed: Mapping[str, object]) -> None:
    """Set some preferences of a user, as JSON, and keep the others."""
    with store.database.transaction() as connection:
        found = sa.select(users.c.preferences).where(users.c.id == user_id).with_for_update()
        before = connection.execute(found).scalar_one()
        connection.execute(
            users.update().where(users.c.id == user_id).values(preferences={**before, **changed})
        )
