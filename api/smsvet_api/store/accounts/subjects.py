"""Login of users whom an OIDC provider has authenticated."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ..errors import ForbiddenError
from ..store import Store
from .roles import Role
from .sessions import NewSession, begin_session
from .tables import users
from .users import account_name, insert_user

_OTHER = re.compile(r"[^\w.@-]+")


def log_in_subject(
    store: Store, subject: str, names: Iterable[str], role: Role | None, agent: str
) -> NewSession:
    """Begin a session of the user with a subject.

    An unknown subject gets a user if the operator maps a claim of it to a `role`; the name is the first of `names` that
    is free. Raises ForbiddenError for a disabled user, and for an unknown subject without a role.
    """
    at = store.now()
    query = sa.select(users).where(users.c.oidc_subject == subject)
    with store.database.transaction() as connection:
        row: Any = connection.execute(query).one_or_none()
        if row is None and role is not None:
            name = _free_name(connection, subject, names)
            insert_user(connection, at, name, role, "system", None, subject)
            row = connection.execute(query).one()
        if row is None:
            raise ForbiddenError(
                "管理员尚未为此账号开通用户", "An admin has not prepared a user for this account yet"
            )
        if row.disabled_at:
            raise ForbiddenError("该用户已停用", "The user is disabled")
        return begin_session(connection, at, row, agent)


def _free_name(connection: sa.Connection, subject: str, names: Iterable[str]) -> str:
    """Return the first name that can be taken, else one made from the subject."""
    for name in names:
        cleaned = _OTHER.sub("-", unicodedata.normalize("NFKC", name)).strip("-.@")[:64]
        if not cleaned:
            continue
        found = account_name(cleaned)
        if not connection.execute(sa.select(users.c.id).where(users.c.name == found)).first():
            return found
    return f"oidc-{hashlib.sha256(subject.encode()).hexdigest()[:16]}"
