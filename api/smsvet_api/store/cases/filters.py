"""The criteria by which a reviewer narrows the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from ..submissions.tables import verdict_rules
from .search_text import folded, position
from .tables import cases

QueueState = Literal["open", "held", "escalated"]


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
    search: str | None = None
    """Part of a text or value of the submission, or of the applicant's name; letter case does not matter."""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on `cases`, without the one on the state."""
        columns = {"kind": self.kind, "provider": self.provider, "purpose": self.purpose}
        found = [cases.c[name] == value for name, value in columns.items() if value is not None]
        if self.min_risk is not None:
            found.append(cases.c.priority <= 100 - self.min_risk)
        if self.rule is not None:
            hit = sa.exists().where(
                verdict_rules.c.verdict_id == cases.c.verdict_id, verdict_rules.c.rule == self.rule
            )
            found += [cases.c.blind.is_(False), hit.correlate(cases)]
        if self.search:
            found.append(position(cases.c.search_text, folded(self.search)) > 0)
        return found
