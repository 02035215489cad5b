"""API keys: `smsvet_PREFIX_SECRET`. The prefix finds the key and may be shown; only a digest of the whole is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ..errors import ConflictError, NotFoundError, RefusedError
from ..store import Store
from ..trail.events import append
from .roles import SCOPES, SCOPES_OF, Scope
from .tables import api_keys, users
from .users import User

SCHEME: Final = "smsvet"
USED_EVERY: Final = timedelta(minutes=1)
"""Time between two writes of `used_at`: not each request writes."""
LONGEST_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class Key:
    """An API key without its secret."""

    id: int
    name: str
    user_id: int
    user_name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    """To the minute."""
    revoked_at: datetime | None


def add_key(
    store: Store,
    user_id: int,
    name: str,
    scopes: Iterable[Scope],
    actor: str,
    expires_at: datetime | None = None,
) -> str:
    """Store a new key of a user and return it. It cannot be shown again.

    Raises NotFoundError for an unknown user and ConflictError for a disabled one. Raises RefusedError without a scope,
    for one that the user's role lacks, for an empty or long name, and for an end in the past.
    """
    prefix = secrets.token_hex(4)
    key = f"{SCHEME}_{prefix}_{secrets.token_urlsafe(32)}"
    at = store.now()
    granted = sorted(set(scopes))
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or "\0" in name:
        raise RefusedError(
            "name", f"名称为 1–{LONGEST_NAME} 个字符", f"a name has 1 to {LONGEST_NAME} characters"
        )
    if expires_at is not None and expires_at <= at:
        raise RefusedError("expires_at", "到期时间已过", "the key would have expired already")
    with store.database.transaction() as connection:
        owner = connection.execute(sa.select(users).where(users.c.id == user_id)).one_or_none()
        if owner is None:
            raise NotFoundError("没有这个用户", "there is no such user")
        if owner.disabled_at:
            raise ConflictError("该用户已停用", "the user is disabled")
        _check_scopes(granted, owner)
        connection.execute(
            api_keys.insert().values(
                user_id=user_id,
                name=name,
                prefix=prefix,
                digest=_digest(key),
                scopes=granted,
                created_at=at,
                expires_at=expires_at,
            )
        )
        body = {"user": owner.name, "scopes": granted}
        append(connection, at, actor, "key.added", f"key:{prefix}", body)
    return key


def user_of_key(store: Store, key: str) -> User | None:
    """Return the user of a key, with the key's scopes; None if it is unknown, expired or revoked, or its user disabled."""
    prefix = prefix_of(key)
    if prefix is None:
        return None
    now = store.now()
    query = (
        sa.select(api_keys, users.c.name.label("user_name"), users.c.role, users.c.disabled_at)
        .join(users, users.c.id == api_keys.c.user_id)
        .where(api_keys.c.prefix == prefix)
    )
    with store.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None or not hmac.compare_digest(row.digest, _digest(key)):
        return None
    if row.revoked_at or row.disabled_at or (row.expires_at and row.expires_at <= now):
        return None
    if row.used_at is None or now - row.used_at >= USED_EVERY:
        with store.database.transaction() as connection:
            connection.execute(api_keys.update().where(api_keys.c.id == row.id).values(used_at=now))
    scopes = SCOPES_OF[row.role] & frozenset(row.scopes)
    return User(row.user_id, row.user_name, row.role, scopes, prefix)


def prefix_of(key: str) -> str | None:
    """Return the part of a key that may be shown, None for a text that is not a key."""
    scheme, _, rest = key.partition("_")
    prefix = rest.partition("_")[0]
    return prefix if scheme == SCHEME and prefix and "\0" not in prefix else None


def list_keys(store: Store, after: int = 0, limit: int = 200, user_id: int | None = None) -> list[Key]:
    """Return keys by id, from the first one behind `after`, of one user or of all."""
    query = (
        sa.select(api_keys, users.c.name.label("user_name"))
        .join(users, users.c.id == api_keys.c.user_id)
        .where(api_keys.c.id > after)
        .order_by(api_keys.c.id)
        .limit(limit)
    )
    if user_id is not None:
        query = query.where(api_keys.c.user_id == user_id)
    with store.database.reading() as connection:
        return [_key(row) for row in connection.execute(query)]


def find_key(store: Store, prefix: str) -> Key:
    """Return the key of a prefix. Raises NotFoundError."""
    query = (
        sa.select(api_keys, users.c.name.label("user_name"))
        .join(users, users.c.id == api_keys.c.user_id)
        .where(api_keys.c.prefix == prefix)
    )
    with store.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("没有这个密钥", "there is no such key")
    return _key(row)


def revoke_key(store: Store, key_id: int, actor: str) -> None:
    """Revoke a key for ever. Raises NotFoundError."""
    at = store.now()
    with store.database.transaction() as connection:
        row = connection.execute(sa.select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
        if row is None:
            raise NotFoundError("没有这个密钥", "there is no such key")
        if row.revoked_at is None:
            connection.execute(api_keys.update().where(api_keys.c.id == key_id).values(revoked_at=at))
            append(connection, at, actor, "key.revoked", f"key:{row.prefix}")


def _check_scopes(granted: list[Scope], owner: Any) -> None:
    if not granted:
        raise RefusedError("scopes", "至少需要一项权限", "a key needs at least one scope")
    unknown = [scope for scope in granted if scope not in SCOPES]
    if unknown:
        known = ", ".join(SCOPES)
        raise RefusedError("scopes", f"权限应为 {known}", f"the scopes are {known}")
    above = sorted(set(granted) - SCOPES_OF[owner.role])
    if above:
        had = ", ".join(sorted(SCOPES_OF[owner.role]))
        raise RefusedError(
            "scopes",
            f"角色 {owner.role} 没有权限 {', '.join(above)}，只有 {had}",
            f"the role {owner.role} lacks {', '.join(above)}; it has {had}",
        )


def _key(row: Any) -> Key:
    return Key(
        row.id,
        row.name,
        row.user_id,
        row.user_name,
        row.prefix,
        tuple(row.scopes),
        row.created_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
