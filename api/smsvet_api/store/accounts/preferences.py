"""A user's preferences, which pages follow in every browser of the user."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from ..errors import RefusedError
from ..store import Store
from .tables import users
from .users import User

MOST: Final = 20_000
"""Characters of all preferences of a user, as Python writes them."""


def keep_preference(store: Store, user: User, name: str, value: Any) -> None:
    """Store one preference, a JSON value; None removes it. Raises RefusedError if all of them become too large."""
    with store.database.transaction() as connection:
        row = connection.execute(
            sa.select(users.c.preferences).where(users.c.id == user.id).with_for_update()
        ).one()
        kept = {key: one for key, one in row.preferences.items() if key != name}
        if value is not None:
            kept[name] = value
        if len(repr(kept)) > MOST:
            raise RefusedError(name, "设置过多", "there are too many preferences")
        connection.execute(users.update().where(users.c.id == user.id).values(preferences=kept))
