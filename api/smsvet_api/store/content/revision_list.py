"""Reads the revisions that are or were in service, and those that were refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from ..errors import NotFoundError
from ..paging import newest_rows
from ..store import Store
from .tables import revisions

State = Literal["active", "shadow", "earlier", "ended", "refused"]
"""`earlier`: was active; `ended`: was a shadow."""
CONFIGURED: Final = "configured"
"""The way of a revision that was read at the configured places."""
SHOWN: Final = [column for column in revisions.c if column.name != "archive"]
"""The columns of a row without its archive."""


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """A row of the list of revisions."""

    id: int
    revision: str
    state: State
    places: dict[str, Any]
    content: str
    way: str
    """`configured`, `shadow`, `promoted` or `rolled_back`."""
    version: str
    loaded_at: datetime
    loaded_by: str
    errors: list[dict[str, str]]
    """Of a refused one: a message with file, line and key, in `zh` and `en`, for each."""
    note: str


@dataclass(frozen=True, slots=True)
class InService:
    """The revisions that each worker should have loaded."""

    active: StoredRevision | None
    shadow: StoredRevision | None
    configured: str | None
    """Digest of the own content that was read last at the configured places."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The operator's own content of a revision, and the version of smsvet whose shipped content took part."""

    data: bytes
    version: str


def in_service(store: Store) -> InService:
    """Return the revisions that should be loaded."""
    with store.database.reading() as connection:
        return InService(
            current_revision(connection, "active"),
            current_revision(connection, "shadow"),
            _last_configured(connection),
        )


def archive_of(store: Store, revision: str) -> Archive | None:
    """Return the archived content of a revision; None if it was never loaded here, or its content was too large."""
    with store.database.reading() as connection:
        row = connection.execute(
            sa.select(revisions.c.archive, revisions.c.version)
            .where(revisions.c.revision == revision, revisions.c.archive.is_not(None))
            .order_by(revisions.c.id.desc())
            .limit(1)
        ).one_or_none()
    return None if row is None else Archive(bytes(row.archive), row.version)


def list_revisions(
    store: Store, before: int | None = None, limit: int = 50
) -> tuple[list[StoredRevision], int | None]:
    """Return revisions, newest first, with ids below `before`; and the id to continue with, None at the end."""
    with store.database.reading() as connection:
        rows, following = newest_rows(connection, sa.select(*SHOWN), revisions.c.id, before, limit)
    return [stored_revision(row) for row in rows], following


def revision_by_id(store: Store, number: int) -> StoredRevision:
    """Return the revision of an id. Raises NotFoundError."""
    with store.database.reading() as connection:
        row = connection.execute(sa.select(*SHOWN).where(revisions.c.id == number)).one_or_none()
    if row is None:
        raise NotFoundError("没有这个版本", "There is no such revision")
    return stored_revision(row)


def earlier_revision(store: Store, revision: str | None = None) -> StoredRevision:
    """Return the revision to roll back to: the one named, or the last that was active before the present one.

    Raises NotFoundError if there is none.
    """
    with store.database.reading() as connection:
        current = current_revision(connection, "active")
        chosen = sa.select(*SHOWN).where(revisions.c.state == "earlier")
        if current is not None:
            chosen = chosen.where(revisions.c.revision != current.revision)
        if revision is not None:
            chosen = chosen.where(revisions.c.revision == revision)
        row = connection.execute(chosen.order_by(revisions.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFoundError("没有这样的早先版本", "There is no such earlier revision")
    return stored_revision(row)


def current_revision(connection: sa.Connection, state: State) -> StoredRevision | None:
    """Return the newest revision in a state."""
    row = connection.execute(
        sa.select(*SHOWN).where(revisions.c.state == state).order_by(revisions.c.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else stored_revision(row)


def _last_configured(connection: sa.Connection) -> str | None:
    rows = connection.execute(
        sa.select(revisions.c.origin)
        .where(revisions.c.state.in_(("active", "earlier")))
        .order_by(revisions.c.id.desc())
    ).scalars()
    return next((str(origin["content"]) for origin in rows if origin["way"] == CONFIGURED), None)


def stored_revision(row: Any) -> StoredRevision:
    """Return the revision of a row."""
    return StoredRevision(
        row.id,
        row.revision,
        row.state,
        row.origin["places"],
        row.origin["content"],
        row.origin["way"],
        row.version,
        row.loaded_at,
        row.loaded_by,
        row.errors,
        row.note,
    )
