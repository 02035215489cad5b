"""Claims: a reviewer gets the best free case, and keeps it while a lock lasts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from ..accounts.users import User
from ..errors import ForbiddenError
from ..store import Store
from .actions import HARD_END, case_for, require_role
from .case import active, lock_user
from .eligibility import eligible, visible
from .filters import Filters, QueueState
from .tables import activity, cases

LOCK: Final = timedelta(minutes=10)
"""Lock of a claim, and what a heartbeat extends it to."""
SKIPPED: Final = timedelta(hours=12)
"""So long a case that a reviewer skipped comes after all others for that reviewer."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed case. A decision is accepted while its version is `version`, also when the lock has run out."""

    case_id: int
    version: int
    locked_until: datetime
    ends_at: datetime
    """No heartbeat extends the lock beyond this moment."""


def claim_next(store: Store, user: User, filters: Filters | None = None) -> Claim | None:
    """Claim the best free case for a user and return it, None if there is none.

    Who has a claim already gets the same one again, so that a lost answer costs nothing. Skipped cases come last. Leads
    get the escalated cases first, which nobody else can decide. Raises ForbiddenError.
    """
    require_role(user, change=True)
    filters = filters or Filters()
    if filters.state == "held" or (filters.state == "escalated" and user.role != "lead"):
        raise ForbiddenError("只能从待处理队列领取", "claims come from the open queue")
    at = store.now()
    with store.database.transaction() as connection:
        lock_user(connection, user.id)
        has = connection.execute(sa.select(cases).where(active(user.id, at)).limit(1)).one_or_none()
        if has is not None:
            return _claim(has)
        end_holds(connection, at)
        row = None
        for skipped, state in itertools.product((False, True), _states(user, filters)):
            narrowed = replace(filters, state=state)
            row = (
                row or connection.execute(claim_statement(user, narrowed, at, skipped=skipped)).one_or_none()
            )
        if row is None:
            return None
        note_activity(connection, at, user, "claim", row.id)
        return _claim(row)


def _states(user: User, filters: Filters) -> tuple[QueueState, ...]:
    return ("escalated", "open") if user.role == "lead" and filters.state == "open" else (filters.state,)


def claim_statement(user: User, filters: Filters, at: datetime, *, skipped: bool) -> ReturningUpdate[Any]:
    """Return the statement that claims the best free case, without or with those that the user skipped."""
    free = sa.or_(cases.c.locked_until.is_(None), cases.c.locked_until <= at)
    best = sa.select(cases.c.id).where(
        cases.c.state == filters.state, free, *filters.conditions(at), visible(user), eligible(user)
    )
    if not skipped:
        was = sa.exists().where(
            activity.c.user_id == user.id,
            activity.c.kind == "skip",
            activity.c.case_id == cases.c.id,
            activity.c.at > at - SKIPPED,
        )
        best = best.where(~was.correlate(cases))
    chosen = (
        best.order_by(cases.c.priority, cases.c.due_at, cases.c.id)
        .limit(1)
        .with_for_update(of=cases, skip_locked=True, key_share=True)
        .correlate(None)
        .scalar_subquery()
    )
    return (
        cases.update()
        .where(cases.c.id == chosen, free)
        .values(lock_for(user, at) | {"version": cases.c.version + 1})
        .returning(cases)
    )


def claim(store: Store, user: User, case_id: int) -> Claim:
    """Claim a given case that is free, or take up one that the user holds.

    Raises NotFoundError, ForbiddenError, and ConflictError if it is taken or the user has another claim.
    """
    at = store.now()
    with store.database.transaction() as connection:
        lock_user(connection, user.id)
        case = case_for(connection, case_id, user, at, "claim")
        if case.active_id == case.id:
            return _claim(case.row)
        state = BACK if case.state == "held" else case.state
        row = change_case(
            connection,
            case_id,
            lock_for(user, at) | {"state": state, "held_until": None, "version": case.version + 1},
        )
        note_activity(connection, at, user, "claim", case_id)
        return _claim(row)


def heartbeat(store: Store, user: User, case_id: int) -> Claim:
    """Extend the lock of a claim, also when it ran out and nobody came; 60 minutes after the claim it ends.

    Raises NotFoundError, ForbiddenError and ConflictError.
    """
    at = store.now()
    with store.database.transaction() as connection:
        lock_user(connection, user.id)
        case = case_for(connection, case_id, user, at, "heartbeat")
        if case.locked_at is None:
            raise AssertionError("a claimed case has the time of its claim")
        until = min(at + LOCK, case.locked_at + HARD_END)
        row = change_case(connection, case_id, {"locked_until": until})
        note_activity(connection, at, user, "heartbeat", case_id)
        return _claim(row)


def release(store: Store, user: User, case_id: int) -> None:
    """Give a case back to the queue: one's own, or as a lead anybody's.

    Raises NotFoundError, ForbiddenError and ConflictError.
    """
    _give_back(store, user, case_id, "release")


def skip(store: Store, user: User, case_id: int) -> None:
    """Give a case back, and come to it last from now on. Raises NotFoundError, ForbiddenError and ConflictError."""
    _give_back(store, user, case_id, "skip")


def _give_back(store: Store, user: User, case_id: int, action: Literal["release", "skip"]) -> None:
    at = store.now()
    with store.database.transaction() as connection:
        case = case_for(connection, case_id, user, at, action)
        values: dict[str, Any] = {"state": BACK} if case.state == "held" else {}
        if case.holder_id != user.id:  # the holder's page must not decide any more
            values["version"] = case.version + 1
        change_case(connection, case_id, FREE | values)
        note_activity(connection, at, user, action, case_id)


def end_holds(connection: sa.Connection, at: datetime) -> None:
    """Put cases back into the queue whose hold is over."""
    over = (
        sa.select(cases.c.id)
        .where(cases.c.state == "held", cases.c.held_until <= at)
        .order_by(cases.c.id)
        .with_for_update(skip_locked=True, key_share=True)
        .correlate(None)
    )
    connection.execute(cases.update().where(cases.c.id.in_(over)).values(FREE | {"state": BACK}))


FREE: Final[dict[str, Any]] = {
    "holder_id": None, "locked_at": None, "locked_until": None, "held_until": None,
}  # fmt: skip
"""Values of a case that nobody has."""


BACK: Final = sa.case((cases.c.for_leads, "escalated"), else_="open")
"""The state of a case that is no longer on hold, or decided."""


def lock_for(user: User, at: datetime) -> dict[str, Any]:
    """Return the values of a case that a user claims."""
    return {"holder_id": user.id, "locked_at": at, "locked_until": at + LOCK}


def change_case(connection: sa.Connection, case_id: int, values: Mapping[str, Any]) -> Any:
    """Change a case and return its row."""
    return connection.execute(
        cases.update().where(cases.c.id == case_id).values(values).returning(cases)
    ).one()


def note_activity(connection: sa.Connection, at: datetime, user: User, kind: str, case_id: int) -> None:
    """Record what a user did with a case and is nobody's decision."""
    connection.execute(activity.insert().values(at=at, user_id=user.id, kind=kind, case_id=case_id))


def _claim(row: Any) -> Claim:
    return Claim(row.id, row.version, row.locked_until, row.locked_at + HARD_END)
