"""Login by name and password, and the change of a password. A login is counted before its password is looked at."""

from __future__ import annotations

import unicodedata
from typing import Any

import sqlalchemy as sa

from ..errors import RefusedError, StoreError
from ..store import Store
from ..trail.events import append
from .failures import clear_failures, count_attempt, forgive_address, purge_failures
from .passwords import check_new, hashed, is_outdated, matches
from .sessions import NewSession, Session, begin_session
from .tables import sessions, users


class WrongLoginError(StoreError):
    """Name and password do not fit together; nobody learns which of them is wrong."""

    def __init__(self) -> None:
        super().__init__("wrong-login", "用户名或密码不正确", "User name or password is wrong")


def log_in(store: Store, name: str, password: str, address: str, agent: str) -> NewSession:
    """Begin a session of a user. `address` is the client's.

    Raises ThrottledError without looking at the password, and WrongLoginError: for an unknown name, a wrong password
    and a disabled user alike, after the same time.
    """
    name = unicodedata.normalize("NFKC", name).strip().casefold()
    at = store.now()
    with store.database.transaction() as connection:
        row = connection.execute(sa.select(users).where(users.c.name == name)).one_or_none()
        wait = count_attempt(connection, at, name, address)
        if wait:  # not the name of an unknown user: it may be a password in the wrong field
            subject = f"user:{name if row else 'unknown'}"
            append(connection, at, "system", "login.throttled", subject, {"seconds": wait})
    right = matches(row.password if row else None, password)
    if row is None or not right:
        raise WrongLoginError
    renewed = hashed(password) if is_outdated(row.password) else None
    at = store.now()
    with store.database.transaction() as connection:
        current = connection.execute(sa.select(users).where(users.c.id == row.id)).one()
        if current.disabled_at or current.password != row.password:  # disabled, or changed meanwhile
            raise WrongLoginError
        clear_failures(connection, name)
        forgive_address(connection, address)
        purge_failures(connection, at)
        if renewed:
            connection.execute(users.update().where(users.c.id == row.id).values(password=renewed))
        return begin_session(connection, at, current, agent)


def change_password(store: Store, session: Session, old: str, new: str) -> NewSession:
    """Change the password of a session's user, end all sessions and begin a new one.

    Raises RefusedError for a wrong old password or a new one that is not good enough, and ThrottledError.
    """
    user = session.user
    check_new(new, user.name, "new")
    at = store.now()
    with store.database.transaction() as connection:
        row = connection.execute(sa.select(users).where(users.c.id == user.id)).one()
        count_attempt(connection, at, user.name, "")
    if not matches(row.password, old):
        raise RefusedError("old", "原密码不正确", "the old password is wrong")
    if old == new:
        raise RefusedError("new", "新密码与原密码相同", "the new password is the old one")
    digest = hashed(new)
    at = store.now()
    with store.database.transaction() as connection:
        changed = connection.execute(
            users.update()
            .where(users.c.id == user.id, users.c.password == row.password)
            .values(password=digest, must_change=False)
        ).rowcount
        if not changed:
            raise RefusedError("old", "原密码不正确", "the old password is wrong")
        connection.execute(sessions.delete().where(sessions.c.user_id == user.id))
        clear_failures(connection, user.name)
        forgive_address(connection, "")
        append(connection, at, user.actor, "password.changed", f"user:{user.name}")
        current: Any = connection.execute(sa.select(users).where(users.c.id == user.id)).one()
        return begin_session(connection, at, current, session.agent)
