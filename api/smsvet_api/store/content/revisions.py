"""Records which revision is active and which is the shadow; each change is an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..errors import ConflictError, NotFoundError
from ..store import Store
from ..trail.events import append
from ..trail.tables import trail_head
from .revision_list import CONFIGURED, SHOWN, State, StoredRevision, current_revision, stored_revision
from .tables import revisions


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


def record_loaded(store: Store, actor: str, loaded: Loaded, way: str = CONFIGURED) -> StoredRevision:
    """Record a revision as active, by default as read at the configured places; return the active one.

    Of several workers that load the same revision, the first one records it.
    """
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        current = current_revision(connection, "active")
        if current is not None and current.revision == loaded.revision:
            return current
        return _activate(connection, at, actor, loaded, current, "revision.loaded", way, "")


def record_promoted(store: Store, actor: str, loaded: Loaded, note: str) -> StoredRevision:
    """Make the shadow the active revision. Raises ConflictError if it is not the shadow any more."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        shadow = current_revision(connection, "shadow")
        if shadow is None or shadow.revision != loaded.revision:
            raise ConflictError("该版本已不是影子版本", "This revision is not the shadow any more")
        _end(connection, shadow)
        return _activate(
            connection,
            at,
            actor,
            loaded,
            current_revision(connection, "active"),
            "revision.promoted",
            "promoted",
            note,
        )


def record_rolled_back(
    store: Store, actor: str, loaded: Loaded, note: str, seen: int | None
) -> StoredRevision:
    """Make an earlier revision the active one again. Raises ConflictError if `seen` is not the active row any more."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        current = current_revision(connection, "active")
        if (None if current is None else current.id) != seen:
            raise ConflictError("现行版本已改变，请刷新后重试", "Another revision became active meanwhile")
        return _activate(connection, at, actor, loaded, current, "revision.rolled_back", "rolled_back", note)


def record_shadow(store: Store, actor: str, loaded: Loaded) -> StoredRevision:
    """Record a revision as the shadow, in place of the one before."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        before = current_revision(connection, "shadow")
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
        shadow = current_revision(connection, "shadow")
        if shadow is None:
            raise NotFoundError("没有影子版本", "There is no shadow revision")
        _end(connection, shadow)
        append(
            connection, at, actor, "revision.ended", f"revision:{shadow.id}", {"revision": shadow.revision}
        )
        return shadow


def record_refused(
    store: Store, actor: str, places: dict[str, Any], errors: list[dict[str, str]], version: str
) -> None:
    """Record content that could not be loaded, once for all workers that met the same errors."""
    at = store.now()
    with store.database.transaction() as connection:
        _lock(connection)
        last = connection.execute(sa.select(*SHOWN).order_by(revisions.c.id.desc()).limit(1)).one_or_none()
        if last is not None and last.state == "refused" and last.errors == errors:
            return
        refused = Loaded("", places, "", None, version)
        row = _insert(connection, at, actor, refused, "refused", CONFIGURED, "", errors)
        append(connection, at, actor, "revision.refused", f"revision:{row.id}", {"errors": len(errors)})


def _lock(connection: sa.Connection) -> None:
    """Let one worker at a time change the list: the head of the trail is locked first, as by `append`."""
    connection.execute(sa.select(trail_head).with_for_update())


def _activate(
    connection: sa.Connection,
    at: datetime,
    actor: str,
    loaded: Loaded,
    before: StoredRevision | None,
    event: str,
    way: str,
    note: str,
) -> StoredRevision:
    if before is not None:
        connection.execute(revisions.update().where(revisions.c.id == before.id).values(state="earlier"))
    row = _insert(connection, at, actor, loaded, "active", way, note)
    body = {"revision": row.revision, "before": before.revision if before else None, "note": note}
    append(connection, at, actor, event, f"revision:{row.id}", body)
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
        .returning(*SHOWN)
    ).one()
    return stored_revision(row)


def _end(connection: sa.Connection, shadow: StoredRevision) -> None:
    connection.execute(revisions.update().where(revisions.c.id == shadow.id).values(state="ended"))
