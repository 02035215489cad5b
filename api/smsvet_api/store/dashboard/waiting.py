"""The cases that wait now, and the decisions of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from ..accounts.users import User
from ..cases.eligibility import visible
from ..cases.filters import SOON
from ..cases.tables import cases, resolutions
from ..instants import start_of_day
from ..store import Store
from .scope import Scope

AGES: Final = tuple(timedelta(hours=hours) for hours in (1, 4, 8, 24, 72))
"""The bounds between the bars of the ages."""
WITH_QUEUE: Final = ("reviewer", "lead", "auditor")
"""Roles that have the queue: they count the cases that it shows them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open cases at a moment, and the decisions since midnight in China."""

    open: int
    overdue: int
    due_soon: int
    """Due within one hour, not overdue."""
    median_age: timedelta | None
    """None without an open case."""
    ages: tuple[int, ...]
    """Open cases younger than each bound of `AGES`, and not younger than the one before; the last: older than all."""
    decided_today: int
    """Of a reviewer only the own ones."""
    decided_yesterday: int
    """Until the same time of yesterday."""
    today: datetime
    """Midnight in China."""


def waiting_now(store: Store, user: User, scope: Scope) -> Waiting:
    """Return what waits within a scope, whatever its period."""
    at = store.now()
    open_ = [cases.c.state == "open", *scope.among(cases)]
    if user.role in WITH_QUEUE:
        open_.append(visible(user))
    bounds = [at - age for age in AGES]
    groups = [
        (() if place == 0 else (cases.c.opened_at <= bounds[place - 1],))
        + (() if place == len(bounds) else (cases.c.opened_at > bounds[place],))
        for place in range(len(bounds) + 1)
    ]
    # Each is counted on an index, which takes a third of the time of one pass that counts all of them.
    counted = sa.select(
        _count(*open_, cases.c.due_at <= at),
        _count(*open_, cases.c.due_at > at, cases.c.due_at <= at + SOON),
        *(_count(*open_, *group) for group in groups),
    )
    with store.database.reading() as connection:
        overdue, soon, *ages = connection.execute(counted).one()
        number = sum(ages)
        middle = connection.execute(
            sa.select(cases.c.opened_at)
            .where(*open_)
            .order_by(cases.c.opened_at)
            .limit(1)
            .offset(max(number - 1, 0) // 2)
        ).scalar_one_or_none()
        today = start_of_day(at)
        day = timedelta(days=1)
        decided = _decided(connection, user, scope, today, at)
        yesterday = _decided(connection, user, scope, today - day, at - day)
    age = None if middle is None else max(at - middle, timedelta(0))
    return Waiting(number, overdue, soon, age, tuple(ages), decided, yesterday, today)


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(cases).where(*conditions).scalar_subquery()


def _decided(connection: sa.Connection, user: User, scope: Scope, since: datetime, until: datetime) -> int:
    chosen = (
        sa.select(sa.func.count())
        .select_from(resolutions)
        .where(resolutions.c.withdrawn_at.is_(None), resolutions.c.at >= since, resolutions.c.at <= until)
    )
    if user.role == "reviewer":
        chosen = chosen.where(resolutions.c.user_id == user.id)
    if conditions := scope.among(cases):
        chosen = chosen.join(cases, cases.c.id == resolutions.c.case_id).where(*conditions)
    return int(connection.execute(chosen).scalar_one())
