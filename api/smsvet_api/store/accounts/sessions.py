"""Sessions of users: a random id in the browser's cookie, its digest in a table, so that each can be ended here."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ..errors import NotFoundError
from ..store import Store
from ..trail.events import append
from .tables import sessions, users
from .users import User, user_of

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
SEEN_EVERY: Final = timedelta(minutes=1)
"""Time between two writes of `seen_at`: not each request writes."""
_AGENT: Final = 200


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is in force."""

    id: int
    user: User
    must_change: bool
    """The password was given once: nothing else works until it is changed."""
    csrf: str
    """The token that forms and scripts of this session send along."""
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    """End at the latest; without a request for `IDLE` it ends earlier."""
    agent: str
    """The browser's name for itself, at most 200 characters."""
    preferences: Mapping[str, Any]
    """The user's preferences, such as `shortcuts`, by name."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun, with the value of its cookie, which is stored nowhere else."""

    cookie: str
    session: Session


def begin_session(connection: sa.Connection, at: datetime, user_row: Any, agent: str) -> NewSession:
    """Begin a session within the caller's transaction, and delete those that ran out."""
    cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(
        sessions.delete().where((sessions.c.expires_at <= at) | (sessions.c.seen_at <= at - IDLE))
    )
    values = {
        "user_id": user_row.id,
        "digest": _digest(cookie),
        "csrf": csrf,
        "created_at": at,
        "seen_at": at,
        "expires_at": at + LONGEST,
        "agent": agent[:_AGENT].replace("\0", "").encode("utf-8", "replace").decode(),
    }
    number = connection.execute(sessions.insert().values(values).returning(sessions.c.id)).scalar_one()
    connection.execute(users.update().where(users.c.id == user_row.id).values(seen_at=at))
    user = user_of(user_row)
    append(connection, at, user.actor, "session.started", f"user:{user.name}", {"session": number})
    session = Session(
        number, user, user_row.must_change, csrf, at, at, at + LONGEST, values["agent"], user_row.preferences
    )
    return NewSession(cookie, session)


def session_of(store: Store, cookie: str) -> Session | None:
    """Return the session of a cookie; None if it is unknown, has run out, or its user is disabled."""
    at = store.now()
    with store.database.reading() as connection:
        row = connection.execute(_query().where(sessions.c.digest == _digest(cookie))).one_or_none()
    if row is None or row.disabled_at or not _runs(row, at):
        return None
    # A clock that was set back makes seen_at lie ahead; that counts as seen now.
    if at - row.seen_at >= SEEN_EVERY:
        with store.database.transaction() as connection:
            connection.execute(sessions.update().where(sessions.c.id == row.session_id).values(seen_at=at))
            connection.execute(users.update().where(users.c.id == row.id).values(seen_at=at))
    return _session(row)


def list_sessions(store: Store, user_id: int) -> list[Session]:
    """Return a user's sessions that are in force, the latest first."""
    at = store.now()
    query = _query().where(sessions.c.user_id == user_id).order_by(sessions.c.id.desc())
    with store.database.reading() as connection:
        return [_session(row) for row in connection.execute(query) if _runs(row, at)]


def end_session(store: Store, session_id: int, user: User) -> None:
    """End one of a user's own sessions. Raises NotFoundError for any other."""
    own = (sessions.c.id == session_id) & (sessions.c.user_id == user.id)
    with store.database.transaction() as connection:
        if not connection.execute(sessions.delete().where(own)).rowcount:
            raise NotFoundError("没有这个会话", "there is no such session")
        body = {"session": session_id}
        append(connection, store.now(), user.actor, "session.ended", f"user:{user.name}", body)


def end_other_sessions(store: Store, session: Session) -> int:
    """End all sessions of a user except this one, and return how many."""
    user = session.user
    others = (sessions.c.user_id == user.id) & (sessions.c.id != session.id)
    with store.database.transaction() as connection:
        ended = connection.execute(sessions.delete().where(others)).rowcount
        if ended:
            at, body = store.now(), {"others": ended}
            append(connection, at, user.actor, "session.ended", f"user:{user.name}", body)
    return ended


def _query() -> sa.Select[Any]:
    names = ("user_id", "csrf", "created_at", "seen_at", "expires_at", "agent")
    return sa.select(
        sessions.c.id.label("session_id"),
        *(sessions.c[name] for name in names),
        users.c.id,
        users.c.name,
        users.c.role,
        users.c.must_change,
        users.c.disabled_at,
        users.c.preferences,
    ).join(users, users.c.id == sessions.c.user_id)


def _runs(row: Any, at: datetime) -> bool:
    return bool(at < row.expires_at and at < row.seen_at + IDLE)


def _session(row: Any) -> Session:
    return Session(
        row.session_id,
        user_of(row),
        row.must_change,
        row.csrf,
        row.created_at,
        row.seen_at,
        row.expires_at,
        row.agent,
        row.preferences,
    )


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()
