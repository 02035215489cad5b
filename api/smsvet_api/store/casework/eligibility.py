"""Who may decide a case as far as earlier decisions are concerned."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..accounts.users import User
from ..cases.tables import cases, resolutions
from ..submissions.tables import submissions

LEAD_ONLY = ("disagreement",)
"""Origins of cases that only leads may know of."""


def eligible(user: User) -> sa.ColumnElement[bool]:
    """Return the condition on `cases` under which a user may decide a case.

    The people who decided the first case of a second review or an appeal do not decide the other one. A reviewer decides no case
    twice either; a lead who reopened a case does.
    """
    first = (
        sa.exists()
        .where(resolutions.c.user_id == user.id, resolutions.c.case_id == cases.c.first_case_id)
        .correlate(cases)
    )
    if user.role == "lead":
        return ~first
    return sa.and_(~first, ~_decided(user))


def _decided(user: User) -> sa.ColumnElement[bool]:
    own = resolutions.alias()
    return (
        sa.exists()
        .where(own.c.user_id == user.id, own.c.case_id == cases.c.id, own.c.withdrawn_at.is_(None))
        .correlate(cases)
    )


def visible(user: User) -> sa.ColumnElement[bool]:
    """Return the condition on `cases` under which a user may know of a case.

    A second review shows that a case was drawn, and a disagreement that somebody was contradicted: neither is shown to
    the reviewer it is about.
    """
    if user.role in ("lead", "auditor"):
        return sa.true()
    first = (
        sa.exists()
        .where(resolutions.c.user_id == user.id, resolutions.c.case_id == cases.c.first_case_id)
        .correlate(cases)
    )
    return sa.and_(cases.c.origin.not_in(LEAD_ONLY), sa.or_(cases.c.origin != "second", ~first))


def same_text(submission_id: Any) -> sa.ColumnElement[bool]:
    """Return the condition on `submissions` under which a row has the text of another one, as a copy of it has."""
    other = submissions.alias()
    digest = sa.select(other.c.text_digest).where(other.c.id == submission_id).scalar_subquery()
    return submissions.c.text_digest == digest
