"""Withdraws a bulk decision within 15 s."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ..accounts.users import User
from ..errors import ConflictError, NotFoundError
from ..store import Store
from ..submissions.tables import submissions
from ..webhooks.tables import outbox
from .actions import refusal, require, require_role
from .case import load_cases
from .claiming import FREE
from .deciding import withdraw
from .tables import cases, resolutions


@dataclass(frozen=True, slots=True)
class BulkWithdrawn:
    """The cases of a bulk decision that are open again, and those whose decision stays."""

    cluster: str | None
    case_ids: tuple[int, ...]
    kept: tuple[int, ...]


def undo_bulk(store: Store, user: User, bulk_id: str) -> BulkWithdrawn:
    """Withdraw each decision of the user's bulk decision that can still be undone. Its cases are open again, and free.

    Raises ForbiddenError, NotFoundError for somebody else's, and ConflictError if none can be undone, with the name
    `too-late` after 15 s.
    """
    require_role(user, change=True)
    at = store.now()
    with store.database.transaction() as connection:
        own = sa.select(resolutions.c.id, resolutions.c.case_id).where(
            resolutions.c.bulk_id == bulk_id,
            resolutions.c.user_id == user.id,
            resolutions.c.withdrawn_at.is_(None),
        )
        made = connection.execute(own).all()
        if not made:
            raise NotFoundError("没有这个批量决定", "there is no such bulk decision")
        ids = sorted({one.case_id for one in made})
        _lock_rows(connection, ids, [one.id for one in made])
        found = list(load_cases(connection, ids, user, at).values())
        allowed = [
            one
            for one in found
            if one.resolution is not None
            and one.resolution.id in {row.id for row in made}
            and refusal(one, user, at, "undo") is None
        ]
        if not allowed:
            require(found[0], user, at, "undo")
            raise ConflictError("已有新的决定", "new decisions have followed")
        for one in allowed:
            withdraw(connection, one, user, at, FREE)
        taken = tuple(one.id for one in allowed)
        return BulkWithdrawn(found[0].row.cluster, taken, tuple(one for one in ids if one not in taken))


def _lock_rows(connection: sa.Connection, case_ids: list[int], resolution_ids: list[int]) -> None:
    """Lock every row that a withdrawal changes, before the first event: the head of the trail is the last lock."""
    of_cases = sa.select(cases.c.submission_id).where(cases.c.id.in_(case_ids))
    for query in (
        sa.select(cases.c.id).where(cases.c.id.in_(case_ids)).order_by(cases.c.id),
        sa.select(outbox.c.id).where(outbox.c.resolution_id.in_(resolution_ids)).order_by(outbox.c.id),
        sa.select(submissions.c.id).where(submissions.c.id.in_(of_cases)).order_by(submissions.c.id),
    ):
        connection.execute(query.with_for_update(key_share=True)).all()
