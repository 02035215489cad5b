"""The revisions that are or were in service, and those that were refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from ..errors import ConflictError, NotFoundError
from ..store import Store
from ..trail.events import append
from ..trail.tables import trail_head
from .tables import revisions

State = Literal["active", "shadow", "earlier", "ended", "refused"]
"""`earlier`: was active; `ended`: was a shadow."""
CONFIGURED: Final = "configured"
"""The way of a revision that was read at the configured places."""
_SHOWN = [column for column in revisions.c if column.name != "archive"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A revision that a process has loaded."""

    revision: str
    places: dict[str, Any]
    """Paths of rules, policy and model, for people."""
    content: str
    """Digest of the operator's own content."""
    archive: bytes | None
    version: str
    """Of smsvet."""


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
    """What each worker should have loaded."""

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
            _current(connection, "active"), _current(connection, "shadow"), _last_configured(connection)
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
    chosen = sa.select(*_SHOWN).order_by(revisions.c.id.desc()).limit(limit + 1)
    if before is not None:
        chosen = chosen.where(revisions.c.id < before)
    with store.database.reading() as connection:
        rows = connection.execute(chosen).all()
    return [_stored(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def record_loaded(store: Store, actor: str, loaded: Loaded) -> StoredRevision:
    """Record a revision that was read at the configured places as active; return the active one.

    Of several workers that load the same revision, the first one records it.
    """
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        current = _current(connection, "active")
        if current is not None and current.revision == loaded.revision:
            return current
        return _activate(connection, at, actor, loaded, current, CONFIGURED, "")


def record_promoted(store: Store, actor: str, loaded: Loaded, note: str) -> StoredRevision:
    """Make the shadow the active revision. Raises ConflictError if it is not the shadow any more."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        shadow = _current(connection, "shadow")
        if shadow is None or shadow.revision != loaded.revision:
            raise ConflictError("该版本已不是影子版本", "This revision is not the shadow any more")
        _end(connection, shadow)
        return _activate(connection, at, actor, loaded, _current(connection, "active"), "promoted", note)


def record_rolled_back(
    store: Store, actor: str, loaded: Loaded, note: str, seen: int | None
) -> StoredRevision:
    """Make an earlier revision the active one again. Raises ConflictError if `seen` is not the active row any more."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        current = _current(connection, "active")
        if (None if current is None else current.id) != seen:
            raise ConflictError("现行版本已改变，请刷新后重试", "Another revision became active meanwhile")
        return _activate(connection, at, actor, loaded, current, "rolled_back", note)


def record_shadow(store: Store, actor: str, loaded: Loaded) -> StoredRevision:
    """Record a revision as the shadow, in place of the one before."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        before = _current(connection, "shadow")
        if before is not None and before.revision == loaded.revision:
            return before
        if before is not None:
            _end(connection, before)
        row = _insert(connection, at, actor, loaded, "shadow", "shadow", "")
        append(connection, at, actor, "revision.shadowed", f"revision:{row.id}", {"revision": row.revision})
        return row


def end_shadow(store: Store, actor: str) -> StoredRevision:
    """End the shadow and return it. Raises NotFoundError without one."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        shadow = _current(connection, "shadow")
        if shadow is None:
            raise NotFoundError("没有影子版本", "There is no shadow revision")
        _end(connection, shadow)
        append(connection, at, actor, "revision.ended", f"revision:{shadow.id}", {"revision": shadow.revision})
        return shadow


def record_refused(
    store: Store, actor: str, places: dict[str, Any], errors: list[dict[str, str]], version: str
) -> None:
    """Record content that could not be loaded, once for all workers that met the same errors."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        last = connection.execute(sa.select(*_SHOWN).order_by(revisions.c.id.desc()).limit(1)).one_or_none()
        if last is not None and last.state == "refused" and last.errors == errors:
            return
        refused = Loaded("", places, "", None, version)
        row = _insert(connection, at, actor, refused, "refused", CONFIGURED, "", errors)
        append(connection, at, actor, "revision.refused", f"revision:{row.id}", {"errors": len(errors)})


def earlier_revision(store: Store, revision: str | None = None) -> StoredRevision:
    """Return the revision to roll back to: the one named, or the last that was active before the present one.

    Raises NotFoundError if there is none.
    """
    with store.database.reading() as connection:
        current = _current(connection, "active")
        chosen = sa.select(*_SHOWN).where(revisions.c.state == "earlier")
        if current is not None:
            chosen = chosen.where(revisions.c.revision != current.revision)
        if revision is not None:
            chosen = chosen.where(revisions.c.revision == revision)
        row = connection.execute(chosen.order_by(revisions.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFoundError("没有这样的早先版本", "There is no such earlier revision")
    return _stored(row)


def _lock(connection: sa.Connection) -> None:
    """Let one worker at a time change the list: the head of the trail is locked first, as by `append`."""
    connection.execute(sa.select(trail_head).with_for_update())


def _activate(
    connection: sa.Connection,
    at: datetime,
    actor: str,
    loaded: Loaded,
    before: StoredRevision | None,
    way: str,
    note: str,
) -> StoredRevision:
    if before is not None:
        connection.execute(revisions.update().where(revisions.c.id == before.id).values(state="earlier"))
    row = _insert(connection, at, actor, loaded, "active", way, note)
    kind = "revision.loaded" if way == CONFIGURED else f"revision.{way}"
    body = {"revision": row.revision, "before": before.revision if before else None, "note": note}
    append(connection, at, actor, kind, f"revision:{row.id}", body)
    return row


def _insert(
    connection: sa.Connection,
    at: datetime,
    actor: str,
    loaded: Loaded,
    state: State,
    way: str,
    note: str,
    errors: list[dict[str, str]] | None = None,
) -> StoredRevision:
    kept = connection.execute(
        sa.select(revisions.c.id)
        .where(
            revisions.c.revision == loaded.revision,
            revisions.c.version == loaded.version,
            revisions.c.archive.is_not(None),
        )
        .limit(1)
    ).first()
    row = connection.execute(
        revisions.insert()
        .values(
            revision=loaded.revision,
            state=state,
            origin={"places": loaded.places, "content": loaded.content, "way": way},
            archive=loaded.archive if kept is None else None,
            version=loaded.version,
            loaded_at=at,
            loaded_by=actor,
            errors=errors or [],
            note=note,
        )
        .returning(*_SHOWN)
    ).one()
    return _stored(row)


def _end(connection: sa.Connection, shadow: StoredRevision) -> None:
    connection.execute(revisions.update().where(revisions.c.id == shadow.id).values(state="ended"))


def _current(connection: sa.Connection, state: State) -> StoredRevision | None:
    row = connection.execute(
        sa.select(*_SHOWN).where(revisions.c.state == state).order_by(revisions.c.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _stored(row)


def _last_configured(connection: sa.Connection) -> str | None:
    rows = connection.execute(
        sa.select(revisions.c.origin)
        .where(revisions.c.state.in_(("active", "earlier")))
        .order_by(revisions.c.id.desc())
    ).scalars()
    return next((str(origin["content"]) for origin in rows if origin["way"] == CONFIGURED), None)


def _stored(row: Any) -> StoredRevision:
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
