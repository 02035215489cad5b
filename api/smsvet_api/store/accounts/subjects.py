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
    store: Store, issuer: str, subject: str, names: Iterable[str], role: Role | None, agent: str
) -> NewSession:
    """Begin a session of the user with a subject of an issuer: another issuer's equal subject is somebody else.

    A user who was added without an issuer belongs to the issuer from this login on. An unknown subject gets a user
    if the operator maps a claim of it to a `role`; the name is the first of `names` that is free. Raises ForbiddenError for a disabled user, and for an unknown subject without a role.
    """
    at = store.now()
    query = sa.select(users).where(users.c.oidc_subject == subject)
    known = query.where(users.c.oidc_issuer == issuer)
    with store.database.transaction() as connection:
        row: Any = connection.execute(known).one_or_none()
        if row is None:
            row = _bound(connection, query, issuer)
        if row is None and role is not None:
            name = _free_name(connection, f"{issuer}\n{subject}", names)
            insert_user(connection, at, name, role, "system", None, subject, issuer)
            row = connection.execute(known).one()
        if row is None:
            raise ForbiddenError(
                "管理员尚未为此账号开通用户", "An admin has not prepared a user for this account yet"
            )
        if row.disabled_at:
            raise ForbiddenError("该用户已停用", "The user is disabled")
        return begin_session(connection, at, row, agent)


def _bound(connection: sa.Connection, query: sa.Select[Any], issuer: str) -> Any:
    """Give an issuer to the user who was added without one, and return the row; None if there is no such user."""
    row = connection.execute(query.where(users.c.oidc_issuer.is_(None)).with_for_update()).one_or_none()
    if row is not None:
        connection.execute(users.update().where(users.c.id == row.id).values(oidc_issuer=issuer))
    return row


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
