"""The course of a submission, as its submitter may know it, with its appeals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa

from ..accounts.users import User
from ..cases.tables import appeals, cases, resolutions
from ..errors import NotFoundError
from ..instants import instant
from ..store import Store
from ..trail.tables import events
from .status import TO_THE_SUBMITTER
from .tables import submissions, verdicts

State = Literal["received", "in_review", "approved", "rejected", "appealed", "reopened"]
_STATE_OF: Final[Mapping[str, State]] = {
    "approve": "approved", "reject": "rejected", "manual_review": "in_review",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a submission's status, and by whom it was made."""

    at: datetime
    state: State
    by: Literal["submitter", "machine", "person"]
    text: str = ""
    """The person's words to the submitter, or the submitter's appeal."""


def history_of(store: Store, user: User, submission_id: int) -> tuple[Step, ...]:
    """Return the steps of one of the user's submissions, the first one first.

    A decision is a step once it is final; second reviews and withdrawn decisions are not. Raises NotFoundError.
    """
    now = store.now()
    with store.database.reading() as connection:
        row = connection.execute(
            sa.select(submissions).where(submissions.c.id == submission_id, submissions.c.owner_id == user.id)
        ).one_or_none()
        if row is None:
            raise NotFoundError("没有这份提交", "there is no such submission")
        steps = [Step(row.received_at, "received", "submitter")]
        steps += _judged(connection, submission_id)
        steps += _decided(connection, submission_id, now)
        steps += _reviewed_again(connection, submission_id)
    return tuple(sorted(steps, key=lambda one: one.at))


def _judged(connection: sa.Connection, submission_id: int) -> list[Step]:
    found = sa.select(verdicts).where(verdicts.c.submission_id == submission_id).order_by(verdicts.c.id)
    row = connection.execute(found.limit(1)).one_or_none()
    return [] if row is None else [Step(row.at, _STATE_OF[row.decision], "machine")]


def _decided(connection: sa.Connection, submission_id: int, now: datetime) -> list[Step]:
    rows = connection.execute(
        sa.select(resolutions)
        .join(cases, cases.c.id == resolutions.c.case_id)
        .where(
            cases.c.submission_id == submission_id,
            cases.c.origin.in_(TO_THE_SUBMITTER),
            resolutions.c.withdrawn_at.is_(None),
            resolutions.c.final_at <= now,
        )
        .order_by(resolutions.c.id)
    )
    return [Step(row.at, _STATE_OF[row.decision], "person", row.message) for row in rows]


def _reviewed_again(connection: sa.Connection, submission_id: int) -> list[Step]:
    appealed = sa.select(appeals).where(appeals.c.submission_id == submission_id)
    steps = [Step(row.at, "appealed", "submitter", row.text) for row in connection.execute(appealed)]
    ids = connection.execute(
        sa.select(cases.c.id).where(
            cases.c.submission_id == submission_id, cases.c.origin.in_(TO_THE_SUBMITTER)
        )
    ).scalars()
    reopened = sa.select(events.c.at).where(
        events.c.subject.in_([f"case:{one}" for one in ids]), events.c.kind == "case.reopened"
    )
    return steps + [Step(instant(at), "reopened", "person") for at in connection.execute(reopened).scalars()]
