"""Who may decide a case as far as earlier decisions are concerned."""

from __future__ import annotations

import sqlalchemy as sa

from ..accounts.users import User
from ..quality.eligibility import open_to
from .tables import cases, resolutions

LEAD_ONLY = ("disagreement",)
"""Origins of cases that only leads may know of."""


def eligible(user: User) -> sa.ColumnElement[bool]:
    """Return the condition on `cases` under which a user may decide a case.

    The people who decided the first case of a second review or an appeal do not decide the other one. A reviewer
    decides no case twice either; a lead who reopened a case does.
    """
    conditions = [~_decided_first(user), open_to(user.id)]
    if user.role != "lead":
        own = resolutions.alias()
        conditions.append(
            ~sa.exists()
            .where(own.c.user_id == user.id, own.c.case_id == cases.c.id, own.c.withdrawn_at.is_(None))
            .correlate(cases)
        )
    return sa.and_(*conditions)


def _decided_first(user: User) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(resolutions.c.user_id == user.id, resolutions.c.case_id == cases.c.first_case_id)
        .correlate(cases)
    )


def visible(user: User) -> sa.ColumnElement[bool]:
    """Return the condition on `cases` under which a user may know of a case.

    The reviewer concerned does not see a second review, which shows that the case was drawn. Only leads and auditors see
    a disagreement, which shows that somebody was contradicted.
    """
    if user.role in ("lead", "auditor"):
        return sa.true()
    return sa.and_(
        cases.c.origin.not_in(LEAD_ONLY), sa.or_(cases.c.origin != "second", ~_decided_first(user))
    )
