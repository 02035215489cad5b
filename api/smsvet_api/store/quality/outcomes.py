"""The outcomes of a rule's findings, stored beside them, so that the figures of rules need not read all decisions."""

from __future__ import annotations

from typing import Any, Final, Literal

import sqlalchemy as sa

from ..cases.tables import cases, resolutions
from ..submissions.tables import verdict_rules

Outcome = Literal["rejected", "cleared", "overturned"]
"""`overturned`: approved against a finding that asks to reject, or with a reason why the finding is not followed;
`cleared`: approved without contradicting the finding, which asks for manual review."""

ORDINARY: Final = ("verdict", "report", "appeal", "disagreement")
"""Origins of cases whose decision is that on the submission. A blind second review and a golden item are for quality."""


def update_outcomes(connection: sa.Connection, verdict_id: int) -> None:
    """Store what became of the findings of a verdict: the last decision that stands counts, none leaves it open."""
    last = connection.execute(
        sa.select(resolutions.c.decision, resolutions.c.overturn)
        .join(cases, cases.c.id == resolutions.c.case_id)
        .where(
            cases.c.verdict_id == verdict_id,
            cases.c.origin.in_(ORDINARY),
            resolutions.c.withdrawn_at.is_(None),
        )
        .order_by(resolutions.c.id.desc())
        .limit(1)
    ).one_or_none()
    outcome: sa.ColumnElement[Any]
    if last is None:
        outcome = sa.null()
    elif last.decision == "reject":
        outcome = sa.literal("rejected")
    elif last.overturn is not None:
        outcome = sa.literal("overturned")
    else:
        outcome = sa.case((verdict_rules.c.decision == "reject", "overturned"), else_="cleared")
    connection.execute(
        verdict_rules.update().where(verdict_rules.c.verdict_id == verdict_id).values(outcome=outcome)
    )
