"""The criteria by which a reviewer narrows the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import sqlalchemy as sa

from ..submissions.tables import verdict_rules
from .search_text import folded, position
from .tables import cases

QueueState = Literal["open", "held", "escalated"]
Due = Literal["overdue", "soon"]
"""`soon`: within one hour, and not overdue."""
SOON: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrows the queue; None leaves a criterion out."""

    state: QueueState = "open"
    kind: str | None = None
    provider: str | None = None
    purpose: str | None = None
    rule: str | None = None
    """A rule with a finding. Blind cases do not show theirs, so they are left out."""
    min_risk: int | None = None
    """0 to 100."""
    due: Due | None = None
    search: str | None = None
    """Part of a text or value of the submission, or of the applicant's name; letter case does not matter."""

    def conditions(self, at: datetime) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on `cases` at a moment, without the one on the state."""
        columns = {"kind": self.kind, "provider": self.provider, "purpose": self.purpose}
        found = [cases.c[name] == value for name, value in columns.items() if value is not None]
        if self.min_risk is not None:
            found.append(cases.c.priority <= 100 - self.min_risk)
        if self.due == "overdue":
            found.append(cases.c.due_at <= at)
        if self.due == "soon":
            found += [cases.c.due_at > at, cases.c.due_at <= at + SOON]
        if self.rule is not None:
            hits = sa.select(verdict_rules.c.verdict_id).where(verdict_rules.c.rule == self.rule)
            found += [cases.c.blind.is_(False), cases.c.verdict_id.in_(hits)]
        if self.search:
            found.append(position(cases.c.search_text, folded(self.search)) > 0)
        return found
