"""The counts of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..accounts.users import User
from .eligibility import visible
from .filters import SOON, Filters
from .tables import cases


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of cases. `open`, `overdue`, `due_soon` and `locked` are within the filter."""

    open: int
    overdue: int
    due_soon: int
    """Due within one hour, not overdue."""
    locked: int
    """Claimed by others."""
    elsewhere: int
    """Open, but not within the filter."""
    held: int
    """On hold for the user."""
    escalated: int
    """Waiting for a lead; 0 for others."""
    next_release: datetime | None
    """When the first lock of the others runs out."""


def count_queue(
    connection: sa.Connection, user: User, filters: Filters, at: datetime, found: Sequence[Any] | None
) -> Counts:
    """Return the counts of the queue. `found` has all open cases within the filter, if they are known already."""
    narrowing = filters.conditions(at)
    waiting = sa.and_(cases.c.state == "open", visible(user))
    if found is None:
        number, overdue, soon, locked, release = _counted(connection, user, [waiting, *narrowing], at)
    else:
        due = [row.due_at for row in found]
        locks = [
            row.locked_until
            for row in found
            if row.holder_id not in (None, user.id) and row.locked_until is not None and row.locked_until > at
        ]
        number, locked, release = len(due), len(locks), min(locks, default=None)
        overdue, soon = sum(one <= at for one in due), sum(at < one <= at + SOON for one in due)
    everything = sa.select(sa.func.count()).select_from(cases).where(waiting)
    held = sa.select(sa.func.count()).where(cases.c.holder_id == user.id, cases.c.state == "held")
    escalated = sa.select(sa.func.count()).where(cases.c.state == "escalated")
    return Counts(
        open=number,
        overdue=overdue,
        due_soon=soon,
        locked=locked,
        elsewhere=connection.execute(everything).scalar_one() - number if narrowing else 0,
        held=connection.execute(held).scalar_one(),
        escalated=connection.execute(escalated).scalar_one() if user.role in ("lead", "auditor") else 0,
        next_release=release,
    )


def _counted(
    connection: sa.Connection, user: User, waiting: Sequence[sa.ColumnElement[bool]], at: datetime
) -> tuple[int, int, int, int, datetime | None]:
    row = connection.execute(
        sa.select(
            sa.func.count(),
            _count(cases.c.due_at <= at),
            _count(cases.c.due_at > at, cases.c.due_at <= at + SOON),
        ).where(*waiting)
    ).one()
    # Apart from the others, since few cases are locked: these come from an index of locks.
    locked = connection.execute(
        sa.select(sa.func.count(), sa.func.min(cases.c.locked_until)).where(
            cases.c.locked_until > at, cases.c.holder_id != user.id, *waiting
        )
    ).one()
    return row[0], row[1], row[2], locked[0], locked[1]


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)
