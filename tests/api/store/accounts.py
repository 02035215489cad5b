"""Users of tests, made without a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.accounts.users import User
    from smsvet_api.store.store import Store


def add_user(store: Store, name: str, role: Role) -> User:
    """Store a user and return it as in a session."""
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.accounts.users import user_of

    with store.database.transaction() as connection:
        row = connection.execute(
            users.insert()
            .values(name=name, role=role, created_at=store.now(), preferences={}, must_change=False)
            .returning(users)
        ).one()
    return user_of(row)


def add_key_of(store: Store, name: str, role: Role) -> str:
    """Store a user with a key that has all scopes of the role, and return the key."""
    from smsvet_api.store.accounts.keys import add_key

    user = add_user(store, name, role)
    return add_key(store, user.id, "test", user.scopes, "command")
