"""A case as one user meets it at one moment, with every fact on which the allowed actions depend."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..errors import NotFoundError
from ..webhooks.tables import outbox
from .eligibility import eligible, visible
from .tables import cases, notes, resolutions

LOCKABLE = ("open", "escalated")
"""The states of cases that can be claimed."""
PRIVATE = ("second", "golden")
"""Origins of cases whose decisions never reach the submitter."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The decision in force of a decided case."""

    id: int
    user_id: int
    user: str
    decision: str
    at: datetime
    final_at: datetime
    sent: bool
    """Delivery of a message about it has begun."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as one user meets it. `row` is its row of `cases`."""

    row: Any = field(repr=False)
    id: int
    state: str
    origin: str
    version: int
    holder_id: int | None
    holder: str | None
    locked_at: datetime | None
    locked_until: datetime | None
    held_until: datetime | None
    resolution: Resolution | None
    eligible: bool
    """No earlier decision bars the user from deciding it."""
    active_id: int | None
    """The case that the user has claimed now, this one or another."""
    held: int
    """How many cases the user holds."""
    for_leads: bool = False
    """It was escalated, even if a lead has put it on hold."""

    def locked(self, at: datetime) -> bool:
        """Return whether somebody has claimed it, and the lock has not run out."""
        return self.holder_id is not None and self.locked_until is not None and self.locked_until > at

    def on_hold(self, at: datetime) -> bool:
        """Return whether it is on hold."""
        return self.state == "held" and self.held_until is not None and self.held_until > at

    def taken_by_other(self, user: User, at: datetime) -> bool:
        """Return whether somebody else has claimed it or put it on hold."""
        return self.holder_id not in (None, user.id) and (self.locked(at) or self.on_hold(at))


def active(user_id: int, at: datetime) -> sa.ColumnElement[bool]:
    """Return the condition on `cases` under which a user has claimed a case now."""
    return sa.and_(cases.c.holder_id == user_id, cases.c.state.in_(LOCKABLE), cases.c.locked_until > at)


def lock_user(connection: sa.Connection, user_id: int) -> None:
    """Wait for other claims of a user, so that the limits hold."""
    connection.execute(sa.select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True))


def lock_case(connection: sa.Connection, case_id: int) -> None:
    """Wait for other changes of a case. Raises NotFoundError."""
    # Its facts are read by a statement that begins afterwards: this one would see them as they were before the wait.
    found = connection.execute(
        sa.select(cases.c.id).where(cases.c.id == case_id).with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise unknown_case()


def load_case(connection: sa.Connection, case_id: int, user: User, at: datetime) -> Case:
    """Return a case. Raises NotFoundError if there is none, or the user may not know of it."""
    found = load_cases(connection, [case_id], user, at)
    if not found:
        raise unknown_case()
    return found[case_id]


def load_cases(
    connection: sa.Connection, case_ids: Collection[int], user: User, at: datetime
) -> dict[int, Case]:
    """Return cases by their ids, in their order, without those that the user may not know of.

    The number of queries does not grow with that of the undecided cases.
    """
    rows = connection.execute(
        sa.select(cases, users.c.name.label("holder"), eligible(user).label("eligible"))
        .outerjoin(users, users.c.id == cases.c.holder_id)
        .where(cases.c.id.in_(case_ids), visible(user))
        .order_by(cases.c.id)
    ).all()
    held = connection.execute(
        sa.select(sa.func.count()).where(
            cases.c.holder_id == user.id, cases.c.state == "held", cases.c.held_until > at
        )
    ).scalar_one()
    # After an undo there may be two.
    claimed = list(connection.execute(sa.select(cases.c.id).where(active(user.id, at))).scalars())
    return {
        row.id: Case(
            row=row,
            id=row.id,
            state=row.state,
            origin=row.origin,
            version=row.version,
            holder_id=row.holder_id,
            holder=row.holder,
            locked_at=row.locked_at,
            locked_until=row.locked_until,
            held_until=row.held_until,
            resolution=resolution_in_force(connection, row.id) if row.state == "decided" else None,
            eligible=bool(row.eligible),
            active_id=row.id if row.id in claimed else next(iter(claimed), None),
            held=held,
            for_leads=bool(row.for_leads),
        )
        for row in rows
    }


def resolution_in_force(connection: sa.Connection, case_id: int) -> Resolution | None:
    """Return the newest resolution of a case that was not withdrawn."""
    row = connection.execute(
        sa.select(resolutions, users.c.name.label("user"))
        .join(users, users.c.id == resolutions.c.user_id)
        .where(resolutions.c.case_id == case_id, resolutions.c.withdrawn_at.is_(None))
        .order_by(resolutions.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    begun = sa.select(sa.func.count()).where(outbox.c.resolution_id == row.id, delivery_begun())
    return Resolution(
        id=row.id,
        user_id=row.user_id,
        user=row.user,
        decision=row.decision,
        at=row.at,
        final_at=row.final_at,
        sent=connection.execute(begun).scalar_one() > 0,
    )


def delivery_begun() -> sa.ColumnElement[bool]:
    """Return the condition on `outbox` under which the delivery of a message has begun."""
    return sa.or_(outbox.c.state != "waiting", outbox.c.attempts > 0, outbox.c.leased_until.is_not(None))


def add_note(
    connection: sa.Connection, case_id: int, user: User, kind: str, text: str, at: datetime
) -> int | None:
    """Store an internal note unless it is empty, and return its id."""
    if not text:
        return None
    made = notes.insert().values(case_id=case_id, user_id=user.id, kind=kind, text=text, at=at)
    return int(connection.execute(made.returning(notes.c.id)).scalar_one())


def unknown_case() -> NotFoundError:
    """Return the error for a case that the user may not know of."""
    return NotFoundError("没有这个案件", "there is no such case")
