"""Blind second reviews that ended otherwise than the first decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..accounts.tables import users
from ..cases.tables import cases, resolutions
from ..paging import newest_rows
from ..store import Store
from ..submissions.tables import submissions
from ..texts import text_of
from .first_decision import first_of
from .overturned import SHOWN
from .tables import samples


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two decisions on one submission that differ. `text` is empty once retention deleted it."""

    id: int
    case_id: int
    """The case that was decided first."""
    text: str
    first: str
    first_reviewer: str
    second: str
    second_reviewer: str
    at: datetime
    """Time of the second decision."""
    lead_case: int | None
    """The case with which a lead settles it."""
    settled: str | None
    """The lead's decision."""


def disagreements(
    store: Store, before: int | None = None, limit: int = 20
) -> tuple[list[Disagreement], int | None]:
    """Return disagreements, newest first, with ids below `before`; and the id to continue with, None at the end."""
    with store.database.reading() as connection:
        rows, following = newest_rows(connection, _query(), samples.c.id, before, limit)
    found = [
        Disagreement(
            row.id,
            row.first_case_id,
            text_of(row.document)[:SHOWN],
            row.first,
            row.first_reviewer,
            row.second,
            row.second_reviewer,
            row.at,
            row.lead_case,
            row.settled,
        )
        for row in rows
    ]
    return found, following


def _query() -> sa.Select[*tuple[Any, ...]]:
    first, second, settled = (resolutions.alias(name) for name in ("first_made", "second_made", "settled"))
    one, other, lead = users.alias("one"), users.alias("other"), cases.alias("lead_case")
    return (
        sa.select(
            samples.c.id,
            samples.c.first_case_id,
            submissions.c.document,
            first.c.decision.label("first"),
            one.c.name.label("first_reviewer"),
            second.c.decision.label("second"),
            other.c.name.label("second_reviewer"),
            second.c.at,
            lead.c.id.label("lead_case"),
            settled.c.decision.label("settled"),
        )
        .select_from(samples)
        .join(cases, cases.c.id == samples.c.first_case_id)
        .join(submissions, submissions.c.id == cases.c.submission_id)
        .join(first, first.c.id == first_of(samples.c.first_case_id, samples))
        .join(second, second.c.id == first_of(samples.c.case_id, samples))
        .join(one, one.c.id == first.c.user_id)
        .join(other, other.c.id == second.c.user_id)
        .outerjoin(
            lead, sa.and_(lead.c.submission_id == cases.c.submission_id, lead.c.origin == "disagreement")
        )
        .outerjoin(settled, settled.c.id == first_of(lead.c.id, lead))
        .where(samples.c.kind == "second", samples.c.outcome == "differed")
    )
