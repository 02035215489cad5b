"""Opens cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .search_text import search_text
from .tables import cases

FAULT_RISK = 60
_RISK = {"reject": 80, "manual_review": 40, "approve": 10}


def open_case(
    connection: sa.Connection,
    submission: Any,
    verdict_id: int,
    document: dict[str, Any],
    at: datetime,
    due_at: datetime,
    *,
    origin: str = "verdict",
    blind: bool = False,
    first_case_id: int | None = None,
    cluster: str | None = None,
) -> int:
    """Open a case within the caller's transaction and return its id.

    `submission` is a row of `submissions`, `document` the verdict as JSON. The risk orders the queue: it grows with the
    strictest finding and the number of findings that count.
    """
    inserted = connection.execute(
        cases.insert()
        .values(
            submission_id=submission.id,
            verdict_id=verdict_id,
            origin=origin,
            first_case_id=first_case_id,
            blind=blind,
            state="open",
            kind=submission.kind,
            provider=submission.provider,
            purpose=submission.purpose,
            priority=100 - risk_of(document),
            opened_at=at,
            due_at=due_at,
            cluster=cluster,
            search_text=search_text(submission.document, submission.account) if submission.document else None,
            version=1,
        )
        .returning(cases.c.id)
    )
    return int(inserted.scalar_one())


def risk_of(document: dict[str, Any]) -> int:
    """Return the risk of a verdict, 0 to 100."""
    findings = [one for one in document["findings"] if one["decision"] != "approve"]
    risk = max((_RISK[one["decision"]] for one in findings), default=_RISK["approve"])
    if document["faults"]:
        risk = max(risk, FAULT_RISK)
    return min(100, risk + max(0, len(findings) - 1) * 2)
