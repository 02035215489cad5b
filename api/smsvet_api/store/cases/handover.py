"""Hands cases over: on hold for later, to a lead, to somebody else, or back from the decided ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User, user_of
from ..errors import RefusedError
from ..store import Store
from ..submissions.tables import submissions
from ..trail.events import append
from ..webhooks.kinds import IN_REVIEW, status_message
from ..webhooks.outbox import enqueue
from .actions import case_for
from .case import Case, add_note, lock_user
from .choice import LONGEST_NOTE, check_text
from .claiming import FREE, change_case
from .eligibility import LEAD_ONLY, eligible
from .sla import due_at
from .tables import cases

LONGEST_HOLD: Final = timedelta(days=30)
REASSIGNED: Final = timedelta(hours=24)
"""So long a reassigned case is kept for its new holder."""


def hold(store: Store, user: User, case_id: int, until: datetime, note: str = "") -> int:
    """Keep a case for oneself until a moment, after which it is back in the queue; return its version.

    Raises NotFoundError, ForbiddenError, RefusedError and ConflictError, also beyond three held cases.
    """
    at = store.now()
    check_text("note", note, LONGEST_NOTE)
    if not at < until <= at + LONGEST_HOLD:
        days = LONGEST_HOLD.days
        raise RefusedError("until", f"应在 {days} 天之内", f"expected a moment within {days} days")
    with store.database.transaction() as connection:
        lock_user(connection, user.id)
        case = case_for(connection, case_id, user, at, "hold")
        values = FREE | {"state": "held", "holder_id": user.id, "held_until": until}
        return _changed(connection, case, user, at, values, "held", note, {})


def escalate(store: Store, user: User, case_id: int, note: str = "") -> int:
    """Give a case to the leads; return its version. Raises NotFoundError, ForbiddenError, RefusedError, ConflictError."""
    check_text("note", note, LONGEST_NOTE)
    at = store.now()
    with store.database.transaction() as connection:
        case = case_for(connection, case_id, user, at, "escalate")
        return escalate_case(connection, case, user, at, note)


def escalate_case(connection: sa.Connection, case: Case, user: User, at: datetime, note: str) -> int:
    """Give a locked case, which the user may escalate, to the leads within the caller's transaction."""
    values = FREE | {"state": "escalated", "for_leads": True}
    return _changed(connection, case, user, at, values, "escalated", note, {})


def reassign(store: Store, user: User, case_id: int, to: str, note: str = "") -> int:
    """Give a case to somebody else as a lead, who finds it among the held ones; return its version.

    Raises NotFoundError, ForbiddenError, ConflictError, and RefusedError if that user may not decide it.
    """
    check_text("note", note, LONGEST_NOTE)
    at = store.now()
    with store.database.transaction() as connection:
        case = case_for(connection, case_id, user, at, "reassign")
        row = connection.execute(
            sa.select(users).where(users.c.name == to, users.c.disabled_at.is_(None))
        ).one_or_none()
        if row is None or row.role not in ("reviewer", "lead"):
            raise RefusedError("to", "没有这个审核员", "there is no such reviewer")
        allowed = sa.select(cases.c.id).where(cases.c.id == case_id, eligible(user_of(row)))
        if connection.execute(allowed).one_or_none() is None:
            raise RefusedError(
                "to", f"{to} 已处理过，需由他人处理", f"{to} has decided it before; somebody else has to"
            )
        values = FREE | {
            "state": "held",
            "holder_id": row.id,
            "held_until": at + REASSIGNED,
            "for_leads": case.for_leads and row.role == "lead",
        }
        return _changed(connection, case, user, at, values, "reassigned", note, {"to": to})


def reopen(store: Store, user: User, case_id: int, note: str = "") -> int:
    """Open a decided case again as a lead; return its version. The earlier resolution stays, and a new one follows it.

    Raises NotFoundError, ForbiddenError, RefusedError and ConflictError.
    """
    check_text("note", note, LONGEST_NOTE)
    return _open_again(store, user, case_id, "reopen", "reopened", note)


def object_to(store: Store, user: User, case_id: int, note: str = "") -> int:
    """Give a case that somebody else decided to the leads; return its version. The resolution stays until theirs follows.

    Raises NotFoundError, ForbiddenError, RefusedError and ConflictError.
    """
    check_text("note", note, LONGEST_NOTE)
    return _open_again(store, user, case_id, "object", "objected", note)


def _open_again(
    store: Store, user: User, case_id: int, action: Literal["reopen", "object"], kind: str, note: str
) -> int:
    at = store.now()
    with store.database.transaction() as connection:
        case = case_for(connection, case_id, user, at, action)
        for_leads = action == "object" or case.origin in LEAD_ONLY
        values = FREE | {
            "state": "escalated" if for_leads else "open",
            "for_leads": for_leads,
            "decided_at": None,
            "opened_at": at,
            "due_at": due_at(connection, at),
        }
        review_again(connection, case.row.submission_id, at)
        resolution = case.resolution.id if case.resolution else None
        return _changed(connection, case, user, at, values, kind, note, {"resolution": resolution})


def review_again(connection: sa.Connection, submission_id: int, at: datetime) -> None:
    """Set the submitter's status to in review, and store the messages, within the caller's transaction."""
    row = connection.execute(
        submissions.update()
        .where(submissions.c.id == submission_id)
        .values(status="in_review", final_at=None)
        .returning(submissions)
    ).one()
    enqueue(connection, row.owner_id, IN_REVIEW, status_message(row, row.status), at, at)


def _changed(
    connection: sa.Connection,
    case: Case,
    user: User,
    at: datetime,
    values: dict[str, Any],
    kind: str,
    note: str,
    body: dict[str, Any],
) -> int:
    """Change a case, store the note and the event, and return the version."""
    row = change_case(connection, case.id, values | {"version": case.version + 1})
    written = add_note(connection, case.id, user, kind, note, at)
    append(connection, at, user.actor, f"case.{kind}", f"case:{case.id}", body | {"note": written})
    return int(row.version)
