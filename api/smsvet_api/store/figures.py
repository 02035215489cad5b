"""The figures of the store that operators watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from .cases.tables import cases
from .store import Store
from .submissions.tables import submissions
from .trail.tables import trail_head
from .webhooks.tables import outbox


@dataclass(frozen=True, slots=True)
class Figures:
    """Queue, outbox and trail at a moment. Ages are in seconds, 0 without anything that waits."""

    cases: Mapping[str, int]
    """Undecided cases by state."""
    oldest_case: float
    overdue: int
    """Open cases whose time is over."""
    unjudged: int
    """Submissions that have no verdict yet."""
    messages: Mapping[str, int]
    """Messages that wait, and dead letters."""
    oldest_message: float
    """Time since the longest waiting message was due."""
    trail_seq: int


def measure(store: Store) -> Figures:
    """Return the figures of now. Raises StoreDownError."""
    now = store.now()
    undecided = cases.c.state != "decided"
    number = sa.func.count().label("number")
    counted = sa.select(cases.c.state, number).where(undecided).group_by(cases.c.state)
    waiting = outbox.c.state.in_(("waiting", "dead"))
    messages = sa.select(outbox.c.state, number).where(waiting).group_by(outbox.c.state)
    with store.database.reading() as connection:
        oldest = connection.execute(
            sa.select(sa.func.min(cases.c.opened_at)).where(cases.c.state == "open")
        ).scalar()
        overdue = sa.select(sa.func.count()).where(cases.c.state == "open", cases.c.due_at < now)
        unjudged = sa.select(sa.func.count()).where(submissions.c.status == "received")
        due = connection.execute(
            sa.select(sa.func.min(outbox.c.due_at)).where(outbox.c.state == "waiting")
        ).scalar()
        return Figures(
            cases={row.state: row.number for row in connection.execute(counted)},
            oldest_case=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
            overdue=connection.execute(overdue).scalar_one(),
            unjudged=connection.execute(unjudged).scalar_one(),
            messages={row.state: row.number for row in connection.execute(messages)},
            oldest_message=max(0.0, (now - due).total_seconds()) if due else 0.0,
            trail_seq=connection.execute(sa.select(trail_head.c.seq)).scalar() or 0,
        )
