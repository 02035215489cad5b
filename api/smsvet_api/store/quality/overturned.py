"""The decisions with which people overturned a rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from ..accounts.tables import users
from ..cases.tables import cases, resolutions
from ..paging import newest_rows
from ..store import Store
from ..submissions.tables import submissions, verdict_rules
from ..texts import text_of
from .rule_figures import last_decision
from .tables import golden_items, samples

SHOWN: Final = 400
"""Code points of a text that are returned."""


@dataclass(frozen=True, slots=True)
class Overturned:
    """A finding of a rule that a person overturned. `text` is empty once retention deleted it."""

    id: int
    """Of the decision."""
    case_id: int
    text: str
    provider: str
    purpose: str | None
    reason: str | None
    note: str
    reviewer: str
    at: datetime


def overturned_decisions(
    store: Store, rule: str, since: datetime, until: datetime, before: int | None = None, limit: int = 10
) -> tuple[list[Overturned], int | None]:
    """Return the decisions that overturned hits from `since` to `until`, newest first, and the id to continue with.

    They have ids below `before`. A case that waits for a blind second review, or is a golden item, is left out: others
    may still have to decide it.
    """
    query = _query(rule, since, until)
    with store.database.reading() as connection:
        rows, following = newest_rows(connection, query, resolutions.c.id, before, limit)
    found = [
        Overturned(
            row.id,
            row.case_id,
            text_of(row.document)[:SHOWN],
            row.provider,
            row.purpose,
            row.overturn,
            row.note,
            row.name,
            row.at,
        )
        for row in rows
    ]
    return found, following


def _query(rule: str, since: datetime, until: datetime) -> sa.Select[*tuple[Any, ...]]:
    second = (
        sa.exists().where(samples.c.first_case_id == cases.c.id, samples.c.outcome.is_(None)).correlate(cases)
    )
    golden = (
        sa.exists()
        .where(golden_items.c.case_id == cases.c.id, golden_items.c.retired_at.is_(None))
        .correlate(cases)
    )
    return (
        sa.select(
            resolutions.c.id,
            resolutions.c.case_id,
            submissions.c.document,
            cases.c.provider,
            cases.c.purpose,
            resolutions.c.overturn,
            resolutions.c.note,
            users.c.name,
            resolutions.c.at,
        )
        .select_from(verdict_rules)
        .join(resolutions, resolutions.c.id == last_decision(verdict_rules.c.verdict_id, verdict_rules))
        .join(cases, cases.c.id == resolutions.c.case_id)
        .join(submissions, submissions.c.id == cases.c.submission_id)
        .join(users, users.c.id == resolutions.c.user_id)
        .where(
            verdict_rules.c.rule == rule,
            verdict_rules.c.at >= since,
            verdict_rules.c.at < until,
            verdict_rules.c.outcome == "overturned",
            ~second,
            ~golden,
        )
    )
