"""The first decision of a case, which is the answer of the person to whom it was shown."""

from __future__ import annotations

import sqlalchemy as sa

from ..cases.tables import resolutions


def first_of(case_id: sa.ColumnElement[int], table: sa.FromClause) -> sa.ColumnElement[int]:
    """Return the id of the first decision of a case that was not withdrawn."""
    made = resolutions.alias()
    return (
        sa.select(sa.func.min(made.c.id))
        .where(made.c.case_id == case_id, made.c.withdrawn_at.is_(None))
        .correlate(table)
        .scalar_subquery()
    )
