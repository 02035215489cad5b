"""A user's preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .decided import add_user

if TYPE_CHECKING:
    from smsvet_api.store.store import Store


def preferences(store: Store, name: str) -> Any:
    import sqlalchemy as sa

    from smsvet_api.store.accounts.tables import users

    with store.database.reading() as connection:
        return connection.execute(sa.select(users.c.preferences).where(users.c.name == name)).scalar_one()


def test_each_preference_is_kept_by_itself(store: Store) -> None:
    from smsvet_api.store.accounts.preferences import keep_preference

    lin, _ = add_user(store, "lin"), add_user(store, "mo")
    keep_preference(store, lin, "shortcuts", False)
    keep_preference(store, lin, "queue_views", {"培训": "q=x"})
    assert preferences(store, "lin") == {"shortcuts": False, "queue_views": {"培训": "q=x"}}
    keep_preference(store, lin, "shortcuts", None)
    assert preferences(store, "lin") == {"queue_views": {"培训": "q=x"}}
    assert preferences(store, "mo") == {}


def test_preferences_have_a_limit(store: Store) -> None:
    from smsvet_api.store.accounts.preferences import keep_preference
    from smsvet_api.store.errors import RefusedError

    with pytest.raises(RefusedError):
        keep_preference(store, add_user(store, "lin"), "queue_views", {"x": "y" * 30_000})
