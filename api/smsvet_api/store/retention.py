"""Deletes submitted text once it is old enough. Status, decisions and the trail stay."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from .accounts.tables import users
from .cases.tables import appeals, cases, notes, resolutions
from .database import Database
from .quality.copies import OWNER
from .quality.tables import golden_items, samples
from .store import Store
from .submissions.tables import submissions, verdicts
from .trail.events import append
from .webhooks.outbox import forget_messages

STATUSES: Final = ("approved", "rejected")
"""The statuses whose texts may be deleted. A submission in review still needs its text."""
BATCH: Final = 100
"""Submissions of one transaction. Writers get their turn in between."""
_PAUSE: Final = 0.02
_COPIES: Final = submissions.c.owner_id.in_(sa.select(users.c.id).where(users.c.name == OWNER))
"""Golden items as they were shown. They have no status of their own, and go after the shortest time, or with the text
that they copy."""


@dataclass(frozen=True, slots=True)
class Retained:
    """The result of retention: submissions whose text was deleted now, earlier, and those that keep theirs, by status."""

    deleted: int
    deleted_earlier: int
    kept: Mapping[str, int]


def retain(store: Store, days: Mapping[str, int], actor: str) -> Retained:
    """Delete the texts of submissions that were decided longer ago than the `days` of their status.

    Deleted are the submission, its verdicts, its salt, the unsalted digests, the texts of appeals, and what reviewers
    wrote: notes, and the messages to the submitter, also in the outbox. Copies of a golden item go with its text. Not
    touched: a submission with an undecided case, and one that is a golden item in use. Each batch is one transaction with one event, so
    that an interrupted run is continued by the next. Raises StoreDownError, and ValueError for an unknown status.
    """
    if unknown := set(days) - set(STATUSES):
        raise ValueError(f"no retention for {unknown}")
    deleted = 0
    due = {status: _final(status) for status in sorted(days)}
    if days:
        due["copies"] = _COPIES
    for status, which in due.items():
        before, last = store.now() - timedelta(days=days.get(status, min(days.values()))), 0
        while ids := _delete_batch(store, status, which, before, last, actor):
            deleted, last = deleted + len(ids), ids[-1]
            time.sleep(_PAUSE)  # SQLite's waiting writers are not served in order
    if deleted:
        _empty_log(store.database)
    return _counted(store, deleted)


def _final(status: str) -> sa.ColumnElement[bool]:
    return submissions.c.status == status


def _delete_batch(
    store: Store, status: str, which: sa.ColumnElement[bool], before: datetime, last: int, actor: str
) -> list[int]:
    """Delete the next batch behind an id, and return its ids."""
    with store.database.transaction() as connection:
        if store.database.is_sqlite:  # else the text would stay readable in unused parts of the file
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        ids = [row.id for row in connection.execute(_due(which, before, last))]
        if not ids:
            return []
        at = store.now()
        of = cases.c.submission_id.in_(ids)
        connection.execute(verdicts.update().where(verdicts.c.submission_id.in_(ids)).values(document=None))
        # Digests without a salt would confirm a guessed text.
        connection.execute(cases.update().where(of).values(cluster=None, search_text=None))
        connection.execute(appeals.update().where(appeals.c.submission_id.in_(ids)).values(text=""))
        noted = sa.select(cases.c.id).where(of)
        connection.execute(notes.update().where(notes.c.case_id.in_(noted)).values(text=""))
        written = resolutions.c.case_id.in_(noted)
        connection.execute(resolutions.update().where(written).values(note="", message=""))
        forget_messages(connection, sa.select(resolutions.c.id).where(written))
        connection.execute(
            submissions.update()
            .where(submissions.c.id.in_(ids))
            .values(document=None, salt=None, request_digest="", forgotten_at=at)
        )
        append(
            connection,
            at,
            actor,
            "submissions.forgotten",
            f"submission:{ids[0]}",
            {"submissions": ids, "status": status},
        )
    return ids


def _due(which: sa.ColumnElement[bool], before: datetime, last: int) -> sa.Select[tuple[int]]:
    undecided = sa.exists().where(cases.c.submission_id == submissions.c.id, cases.c.state != "decided")
    golden = (
        sa.exists()
        .where(golden_items.c.case_id == cases.c.id, golden_items.c.retired_at.is_(None))
        .where(cases.c.submission_id == submissions.c.id)
    )
    return (
        sa.select(submissions.c.id)
        .where(
            submissions.c.id > last,
            submissions.c.forgotten_at.is_(None),
            which,
            sa.or_(sa.func.coalesce(submissions.c.final_at, submissions.c.received_at) < before, _orphaned()),
            ~undecided,
            ~golden,
        )
        .order_by(submissions.c.id)
        .limit(BATCH)
        .with_for_update(of=submissions)
    )


def _orphaned() -> sa.ColumnElement[bool]:
    """Return the condition on `submissions` for a copy of a golden item whose own text is deleted."""
    copy, source, original = cases.alias(), cases.alias(), submissions.alias()
    return (
        sa.exists()
        .where(
            copy.c.submission_id == submissions.c.id,
            copy.c.origin == "golden",
            samples.c.case_id == copy.c.id,
            golden_items.c.id == samples.c.golden_id,
            source.c.id == golden_items.c.case_id,
            original.c.id == source.c.submission_id,
            original.c.forgotten_at.is_not(None),
        )
        .correlate(submissions)
    )


def _empty_log(database: Database) -> None:
    """Empty SQLite's write-ahead log, which still holds the text, unless a reader holds it up."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None  # noqa: S101 - the connection is open
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _counted(store: Store, deleted: int) -> Retained:
    forgotten = submissions.c.forgotten_at.is_not(None)
    query = sa.select(submissions.c.status, forgotten, sa.func.count()).group_by(
        submissions.c.status, forgotten
    )
    with store.database.reading() as connection:
        rows = connection.execute(query).all()
    gone = sum(number for _, is_gone, number in rows if is_gone)
    kept = {status: number for status, is_gone, number in sorted(rows) if not is_gone}
    return Retained(deleted, gone - deleted, kept)
