"""Appeals: a submitter asks once for a second look at a rejected submission, by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from ..accounts.users import User
from ..errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from ..store import Store
from ..submissions.tables import submissions, verdicts
from ..trail.events import append, digest_of
from .case import PRIVATE
from .choice import check_text
from .handover import review_again
from .opening import open_case
from .sla import due_at
from .tables import appeals, cases

LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Appeal:
    """A submitter's appeal against a rejection."""

    submission_id: int
    text: str
    at: datetime


def appeal(store: Store, user: User, submission_id: int, text: str) -> Appeal:
    """Appeal against the rejection of the user's submission, once. Somebody else reviews it again.

    Raises NotFoundError for a submission of somebody else, ForbiddenError, RefusedError, and ConflictError if its status
    is not rejected, there was an appeal before, or retention has deleted its text.
    """
    if user.role != "submitter" or not user.may("submit"):
        raise ForbiddenError("只有提交者可以申诉", "only the submitter may appeal")
    if not text.strip():
        raise RefusedError("text", "请写明理由", "give a reason")
    check_text("text", text, LONGEST)
    at = store.now()
    with store.database.transaction() as connection:
        row = connection.execute(
            sa.select(submissions).where(submissions.c.id == submission_id).with_for_update(key_share=True)
        ).one_or_none()
        if row is None or row.owner_id != user.id:
            raise NotFoundError("没有这个提交", "there is no such submission")
        before = sa.select(appeals.c.id).where(appeals.c.submission_id == submission_id).limit(1)
        if connection.execute(before).one_or_none() is not None:
            raise ConflictError("已经申诉过", "it was appealed before")
        if row.status != "rejected" or (row.final_at is not None and at < row.final_at):
            raise ConflictError("只能对已拒绝的提交申诉", "only a rejected submission can be appealed")
        verdict = connection.execute(
            sa.select(verdicts)
            .where(verdicts.c.submission_id == submission_id)
            .order_by(verdicts.c.id.desc())
            .limit(1)
        ).one()
        if row.document is None or verdict.document is None:
            raise ConflictError("文本已按期删除", "the text was deleted by retention")
        case_id = open_case(
            connection,
            row,
            verdict.id,
            verdict.document,
            at,
            due_at(connection, at),
            origin="appeal",
            first_case_id=_decided_case(connection, submission_id),
        )
        connection.execute(
            appeals.insert().values(
                submission_id=submission_id, case_id=case_id, user_id=user.id, text=text, at=at
            )
        )
        review_again(connection, submission_id, at)
        body = {"case": case_id, "text": digest_of(text, row.salt)}
        append(connection, at, user.actor, "submission.appealed", f"submission:{submission_id}", body)
    return Appeal(submission_id, text, at)


def _decided_case(connection: sa.Connection, submission_id: int) -> int | None:
    """Return the case whose decision is appealed, None if the machine rejected it."""
    return connection.execute(
        sa.select(cases.c.id)
        .where(
            cases.c.submission_id == submission_id,
            cases.c.state == "decided",
            cases.c.origin.not_in(PRIVATE),
        )
        .order_by(cases.c.decided_at.desc(), cases.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
