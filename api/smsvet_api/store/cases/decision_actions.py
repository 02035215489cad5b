"""The actions of a user on decisions of the list: undo an own one, or reopen the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..store import Store
from ..webhooks.tables import outbox
from .actions import Refusal, refusal
from .case import Case, Resolution, delivery_begun
from .tables import cases, resolutions

DecisionAction = Literal["undo", "reopen"]
_ACTIONS: Final[tuple[DecisionAction, ...]] = ("undo", "reopen")
_REPLACED: Final = Refusal(
    "conflict", "已撤销，或已有新的决定", "it was withdrawn, or a new decision followed"
)


def actions_on(
    store: Store, user: User, ids: Sequence[int]
) -> Mapping[int, Mapping[DecisionAction, Refusal | None]]:
    """Return, for decisions by their ids, each action with the reason why it is refused; None: it is allowed."""
    at = store.now()
    newer = resolutions.alias()
    last = (
        sa.select(sa.func.max(newer.c.id))
        .where(newer.c.case_id == resolutions.c.case_id, newer.c.withdrawn_at.is_(None))
        .correlate(resolutions)
        .scalar_subquery()
    )
    sent = (
        sa.exists().where(outbox.c.resolution_id == resolutions.c.id, delivery_begun()).correlate(resolutions)
    )
    query = (
        sa.select(
            resolutions,
            cases.c.state,
            cases.c.origin,
            cases.c.version,
            cases.c.for_leads,
            users.c.name.label("user"),
            (resolutions.c.id == last).label("in_force"),
            sent.label("sent"),
        )
        .join(cases, cases.c.id == resolutions.c.case_id)
        .join(users, users.c.id == resolutions.c.user_id)
        .where(resolutions.c.id.in_(ids))
    )
    with store.database.reading() as connection:
        rows = connection.execute(query).all()
    return {
        row.id: {
            action: refusal(_case(row), user, at, action) if row.in_force else _REPLACED
            for action in _ACTIONS
        }
        for row in rows
    }


def _case(row: Any) -> Case:
    """Return the case of a decision, with the facts on which these two actions depend."""
    made = Resolution(row.id, row.user_id, row.user, row.decision, row.at, row.final_at, bool(row.sent))
    return Case(
        row=row,
        id=row.case_id,
        state=row.state,
        origin=row.origin,
        version=row.version,
        holder_id=None,
        holder=None,
        locked_at=None,
        locked_until=None,
        held_until=None,
        resolution=made,
        eligible=True,
        active_id=None,
        held=0,
        for_leads=bool(row.for_leads),
    )
