"""API keys: `smsvet_PREFIX_SECRET`. The prefix finds the key and may be shown; only a digest of the whole is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from ..store import Store
from ..trail.events import append
from .roles import Scope
from .tables import api_keys, users
from .users import User, user_of

SCHEME = "smsvet"


def add_key(
    store: Store,
    user_id: int,
    name: str,
    scopes: Iterable[Scope],
    actor: str,
    expires_at: datetime | None = None,
) -> str:
    """Store a new key of a user and return it. It cannot be shown again."""
    prefix = secrets.token_hex(4)
    key = f"{SCHEME}_{prefix}_{secrets.token_urlsafe(32)}"
    at = store.now()
    granted = sorted(set(scopes))
    with store.database.transaction() as connection:
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
        append(connection, at, actor, "key.added", f"key:{prefix}", {"user": user_id, "scopes": granted})
    return key


def user_of_key(store: Store, key: str) -> User | None:
    """Return the user of a key, with the key's scopes; None if it is unknown, expired or revoked, or its user disabled."""
    scheme, _, rest = key.partition("_")
    prefix = rest.partition("_")[0]
    if scheme != SCHEME or not prefix:
        return None
    now = store.now()
    with store.database.reading() as connection:
        row = connection.execute(sa.select(api_keys).where(api_keys.c.prefix == prefix)).one_or_none()
        if row is None or not hmac.compare_digest(row.digest, _digest(key)):
            return None
        owner = connection.execute(sa.select(users).where(users.c.id == row.user_id)).one()
    if row.revoked_at or owner.disabled_at or (row.expires_at and row.expires_at <= now):
        return None
    return user_of(owner, prefix, frozenset(row.scopes))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
