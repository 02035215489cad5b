"""Who may review a second review, a golden item or a disagreement: only people who have not seen its answer."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from ..accounts.tables import users
from ..cases.tables import cases, resolutions
from .tables import golden_items, samples

REVIEWERS: Final = ("reviewer", "lead")
"""The roles that decide cases."""


def open_to(user_id: int) -> sa.ColumnElement[bool]:
    """Return the condition on `cases` under which a user may decide a case, as far as its sample is concerned.

    A second review is for somebody who did not decide first, a disagreement for somebody who decided neither time. A
    golden item is for somebody who does not know the answer: who did not make it, and never decided its original or
    another copy.
    """
    case, decided = cases.alias(), resolutions.alias()
    sample, twin = samples.alias(), samples.alias()
    first = (
        sa.exists()
        .where(decided.c.user_id == user_id, decided.c.case_id == cases.c.first_case_id)
        .correlate(cases)
    )
    second = (
        sa.exists()
        .select_from(sample.join(decided, decided.c.case_id == sample.c.case_id))
        .where(decided.c.user_id == user_id, sample.c.first_case_id == cases.c.first_case_id)
        .correlate(cases)
    )
    reviewed = (
        sa.exists()
        .select_from(
            sample.join(golden_items, golden_items.c.id == sample.c.golden_id)
            .join(
                twin,
                sa.or_(
                    twin.c.golden_id == sample.c.golden_id, twin.c.first_case_id == golden_items.c.case_id
                ),
            )
            .join(decided, decided.c.case_id == twin.c.case_id)
        )
        .where(sample.c.case_id == cases.c.id, decided.c.user_id == user_id)
        .correlate(cases)
    )
    original = (
        sa.exists()
        .select_from(
            sample.join(golden_items, golden_items.c.id == sample.c.golden_id)
            .join(case, case.c.id == golden_items.c.case_id)
            .outerjoin(decided, decided.c.case_id == case.c.id)
        )
        .where(
            sample.c.case_id == cases.c.id,
            sa.or_(decided.c.user_id == user_id, golden_items.c.user_id == user_id),
        )
        .correlate(cases)
    )
    return sa.or_(
        cases.c.origin.not_in(("second", "disagreement", "golden")),
        sa.and_(cases.c.origin == "second", ~first),
        sa.and_(cases.c.origin == "disagreement", ~first, ~second),
        sa.and_(cases.c.origin == "golden", ~reviewed, ~original),
    )


def has_reviewer(connection: sa.Connection, case_id: int, besides: int) -> bool:
    """Return whether anybody but the user `besides` may decide a case: else nobody would ever take it."""
    people = connection.execute(
        sa.select(users.c.id).where(
            users.c.role.in_(REVIEWERS), users.c.disabled_at.is_(None), users.c.id != besides
        )
    ).scalars()
    for person in people.all():
        found = sa.select(cases.c.id).where(cases.c.id == case_id, open_to(person))
        if connection.execute(found).one_or_none() is not None:
            return True
    return False
