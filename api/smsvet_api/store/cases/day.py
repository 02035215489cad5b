"""A reviewer's decisions of today, and the case on hold that comes back first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ...dates import CHINA
from ..accounts.users import User
from ..store import Store
from .tables import cases, resolutions


@dataclass(frozen=True, slots=True)
class Day:
    """The user's decisions since midnight in China, and when the first of the user's holds ends."""

    decided: int
    next_held: datetime | None


def own_day(store: Store, user: User) -> Day:
    """Return the day of a user."""
    midnight = store.now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    decided = sa.select(sa.func.count()).where(
        resolutions.c.user_id == user.id, resolutions.c.at >= midnight, resolutions.c.withdrawn_at.is_(None)
    )
    held = sa.select(sa.func.min(cases.c.held_until)).where(
        cases.c.holder_id == user.id, cases.c.state == "held"
    )
    with store.database.reading() as connection:
        return Day(connection.execute(decided).scalar_one(), connection.execute(held).scalar_one())
