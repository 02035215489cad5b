"""Users: who they are to the rest of the store, and what an admin does with them. Each change is in the trail."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from ..errors import ConflictError, NotFoundError, RefusedError
from ..store import Store
from ..trail.events import append
from .failures import clear_failures, insert_or_ignore
from .passwords import hashed, one_time_password
from .roles import ROLES, SCOPES_OF, Role, Scope
from .tables import sessions, users

FIRST_ADMIN: Final = "admin"
_NAME: Final = re.compile(r"\w[\w.@-]{0,63}")


@dataclass(frozen=True, slots=True)
class User:
    """Who does something: a user in a session, or one of the user's API keys."""

    id: int
    name: str
    role: Role
    scopes: frozenset[Scope]
    """The scopes of this session or key: at most those of the role (`SCOPES_OF`)."""
    key_prefix: str | None = None
    """The shown part of the API key; None for a session."""

    @property
    def actor(self) -> str:
        """Return the name for the trail: `user:NAME`, or `key:PREFIX` for a key."""
        return f"key:{self.key_prefix}" if self.key_prefix else f"user:{self.name}"

    def may(self, scope: Scope) -> bool:
        """Return whether role and key allow this."""
        return scope in self.scopes


def user_of(row: Any, key_prefix: str | None = None, scopes: frozenset[Scope] | None = None) -> User:
    """Return the user of a row of `users`; `scopes` narrows what the role allows."""
    allowed = SCOPES_OF[row.role]
    return User(row.id, row.name, row.role, allowed if scopes is None else allowed & scopes, key_prefix)


@dataclass(frozen=True, slots=True)
class Account:
    """A user as admins see it."""

    id: int
    name: str
    role: Role
    must_change: bool
    """The password was given once, and has to be changed at the next login."""
    has_password: bool
    oidc_subject: str | None
    oidc_issuer: str | None
    """The provider that gave the subject; None until the first login of a user who was added without it."""
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None


def account_name(name: str) -> str:
    """Return a user's name as it is stored: NFKC, without case. Raises RefusedError."""
    normal = unicodedata.normalize("NFKC", name).strip().casefold()
    if not _NAME.fullmatch(normal):
        raise RefusedError(
            "name",
            "用户名为 1–64 个字母、汉字、数字或 . _ @ -，以字母、汉字或数字开头",
            "a user name has 1 to 64 letters, digits or . _ @ -, and begins with a letter or digit",
        )
    return normal


def list_users(store: Store, after: int = 0, limit: int = 200) -> list[Account]:
    """Return users by id, from the first one behind `after`."""
    query = sa.select(users).where(users.c.id > after).order_by(users.c.id).limit(limit)
    with store.database.reading() as connection:
        return [_account(row) for row in connection.execute(query)]


def get_user(store: Store, user_id: int) -> Account:
    """Return a user. Raises NotFoundError."""
    with store.database.reading() as connection:
        return _account(_row(connection, users.c.id == user_id))


def find_user(store: Store, name: str) -> Account:
    """Return the user of a name. Raises NotFoundError."""
    with store.database.reading() as connection:
        return _account(_row(connection, users.c.name == account_name(name)))


def add_user(
    store: Store,
    name: str,
    role: Role,
    actor: str,
    oidc_subject: str | None = None,
    oidc_issuer: str | None = None,
) -> tuple[Account, str | None]:
    """Add a user; return it with its one-time password.

    A user with the subject of an OIDC provider signs in there, and gets no password. Without `oidc_issuer` the subject
    is that of the provider of the first login. Raises RefusedError, and ConflictError for a name or a subject that is
    taken.
    """
    name = account_name(name)
    _check_role(role)
    password = None if oidc_subject else one_time_password()
    digest = hashed(password) if password else None  # before the transaction, which must be short
    at = store.now()
    with store.database.transaction() as connection:
        return insert_user(connection, at, name, role, actor, digest, oidc_subject, oidc_issuer), password


def insert_user(
    connection: sa.Connection,
    at: datetime,
    name: str,
    role: Role,
    actor: str,
    password_hash: str | None,
    oidc_subject: str | None,
    oidc_issuer: str | None = None,
) -> Account:
    """Insert a user within the caller's transaction. Raises ConflictError."""
    if connection.execute(sa.select(users.c.id).where(users.c.name == name)).first():
        raise ConflictError(f"已有用户 {name}", f"there is a user {name} already")
    if oidc_subject and connection.execute(_with_subject(oidc_subject, oidc_issuer)).first():
        raise ConflictError("该 subject 已属于另一用户", "another user has this subject")
    values: dict[str, Any] = {
        "name": name,
        "role": role,
        "password": password_hash,
        "must_change": password_hash is not None,
        "oidc_subject": oidc_subject,
        "oidc_issuer": oidc_issuer,
        "created_at": at,
        "preferences": {},
    }
    insert = insert_or_ignore(connection, users).values(values).returning(users.c.id)
    if connection.execute(insert).first() is None:
        raise ConflictError("同名用户刚刚被添加", "the name was taken at this moment")
    append(connection, at, actor, "user.added", f"user:{name}", {"role": role, "oidc": bool(oidc_subject)})
    return _account(_row(connection, users.c.name == name))


def add_first_admin(store: Store) -> str | None:
    """Add the admin `FIRST_ADMIN` if there is no user, and return the one-time password; None where there are users."""
    if list_users(store, limit=1):
        return None
    password = one_time_password()
    digest = hashed(password)
    at = store.now()
    try:
        with store.database.transaction() as connection:
            if connection.execute(sa.select(users.c.id).limit(1)).first():
                return None
            insert_user(connection, at, FIRST_ADMIN, "admin", "command", digest, None)
    except ConflictError:  # another process was faster
        return None
    return password


def change_user(
    store: Store, user_id: int, actor: str, *, role: Role | None = None, disabled: bool | None = None
) -> Account:
    """Change role and state of a user; None leaves one as it is. A disabled user's sessions end, and keys stop working.

    Users are never deleted, because cases and the trail name them. Raises NotFoundError, RefusedError for an unknown
    role, and ConflictError for the last admin, who can be neither disabled nor demoted.
    """
    if role is not None:
        _check_role(role)
    at = store.now()
    with store.database.transaction() as connection:
        row = _row(connection, users.c.id == user_id)
        subject = f"user:{row.name}"
        demoted = role is not None and role != "admin"
        if row.role == "admin" and row.disabled_at is None and (demoted or disabled):
            _keep_an_admin(connection, user_id)
        if role is not None and role != row.role:
            _update(connection, user_id, role=role)
            append(connection, at, actor, "user.changed", subject, {"role": {"from": row.role, "to": role}})
        if disabled is True and row.disabled_at is None:
            _update(connection, user_id, disabled_at=at)
            connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
            append(connection, at, actor, "user.disabled", subject)
        if disabled is False and row.disabled_at is not None:
            _update(connection, user_id, disabled_at=None)
            append(connection, at, actor, "user.enabled", subject)
        return _account(_row(connection, users.c.id == user_id))


def issue_password(store: Store, user_id: int, actor: str) -> str:
    """Give a user a new one-time password, end the sessions and a login wait, and return it. Raises NotFoundError."""
    password = one_time_password()
    digest = hashed(password)
    with store.database.transaction() as connection:
        row = _row(connection, users.c.id == user_id)
        _update(connection, user_id, password=digest, must_change=True)
        connection.execute(sessions.delete().where(sessions.c.user_id == user_id))
        clear_failures(connection, row.name)
        append(connection, store.now(), actor, "password.issued", f"user:{row.name}")
    return password


def _with_subject(subject: str, issuer: str | None) -> sa.Select[tuple[int]]:
    """Select the users who could have a subject; where either side has no issuer, it could be the same."""
    query = sa.select(users.c.id).where(users.c.oidc_subject == subject)
    if issuer is None:
        return query
    return query.where(sa.or_(users.c.oidc_issuer == issuer, users.c.oidc_issuer.is_(None)))


def _row(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> Any:
    row = connection.execute(sa.select(users).where(condition)).one_or_none()
    if row is None:
        raise NotFoundError("没有这个用户", "there is no such user")
    return row


def _update(connection: sa.Connection, user_id: int, **values: Any) -> None:
    connection.execute(users.update().where(users.c.id == user_id).values(values))


def _keep_an_admin(connection: sa.Connection, leaving: int) -> None:
    """Raise ConflictError if nobody but `leaving` is an admin who can sign in."""
    # The locks make a second transaction wait: two admins must not disable each other at the same time.
    admins = connection.execute(
        sa.select(users.c.id)
        .where(users.c.role == "admin", users.c.disabled_at.is_(None))
        .order_by(users.c.id)
        .with_for_update()
    ).scalars()
    if not set(admins) - {leaving}:
        raise ConflictError("这是最后一位管理员，须保留", "this is the last admin, who has to remain")


def _check_role(role: str) -> None:
    if role not in ROLES:
        known = ", ".join(ROLES)
        raise RefusedError("role", f"角色应为 {known} 之一", f"a role is one of {known}")


def _account(row: Any) -> Account:
    return Account(
        row.id,
        row.name,
        row.role,
        row.must_change,
        row.password is not None,
        row.oidc_subject,
        row.oidc_issuer,
        row.created_at,
        row.disabled_at,
        row.seen_at,
    )
