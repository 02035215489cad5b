"""Forecasts the cases that a shadow would add and take away, and returns differences with their texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from ...proportions import wilson
from ..store import Store
from ..submissions.tables import submissions
from .differences import Difference, Relation, list_differences
from .tables import shadow_counts, shadow_differences

ARRIVALS: Final = timedelta(days=7)
"""The time from which the number of submissions a day is taken."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The cases that a shadow would add and take away, estimated from the submissions that it judged.

    `per_day` are the submissions a day of the past week.
    """

    judged: int
    entering: int
    """Judged submissions that would go to manual review, and did not."""
    leaving: int
    per_day: float

    @property
    def more(self) -> tuple[float, float, float]:
        """Return further cases a day: mean, lower and upper bound of a 95 % interval."""
        return self._daily(self.entering)

    @property
    def fewer(self) -> tuple[float, float, float]:
        """Return cases that are no longer opened, a day: mean, lower and upper bound of a 95 % interval."""
        return self._daily(self.leaving)

    def _daily(self, found: int) -> tuple[float, float, float]:
        low, high = wilson(found, self.judged)
        share = found / self.judged if self.judged else 0.0
        return share * self.per_day, low * self.per_day, high * self.per_day


@dataclass(frozen=True, slots=True)
class DifferenceSample:
    """A difference with the submitted text, None once that was deleted."""

    difference: Difference
    text: str | None
    kind: str
    provider: str


def forecast(store: Store, shadow: str) -> Forecast:
    """Return the forecast for a shadow revision. Raises StoreDownError."""
    since = store.now() - ARRIVALS
    decisions = shadow_differences.c.active_decision, shadow_differences.c.shadow_decision
    with store.database.reading() as connection:
        judged = connection.execute(
            sa.select(sa.func.sum(shadow_counts.c.number)).where(
                shadow_counts.c.shadow == shadow, shadow_counts.c.relation != "dropped"
            )
        ).scalar()
        moves = connection.execute(
            sa.select(*decisions, sa.func.count())
            .where(shadow_differences.c.shadow == shadow, shadow_differences.c.relation != "same")
            .group_by(*decisions)
        ).all()
        arrived = connection.execute(
            sa.select(sa.func.count()).select_from(submissions).where(submissions.c.received_at >= since)
        ).scalar_one()
    entering = sum(number for _, after, number in moves if after == "manual_review")
    leaving = sum(number for before, _, number in moves if before == "manual_review")
    return Forecast(int(judged or 0), entering, leaving, arrived / ARRIVALS.days)


def difference_samples(
    store: Store, shadow: str, relation: Relation | None = None, before: int | None = None, limit: int = 20
) -> tuple[list[DifferenceSample], int | None]:
    """Return differences with their texts, newest first, and the id to continue with, None at the end."""
    found, following = list_differences(store, shadow, relation, before, limit)
    query = sa.select(
        submissions.c.id, submissions.c.document, submissions.c.kind, submissions.c.provider
    ).where(submissions.c.id.in_([one.submission_id for one in found]))
    with store.database.reading() as connection:
        rows = {row.id: row for row in connection.execute(query)}
    return [_sample(one, rows[one.submission_id]) for one in found], following


def _sample(difference: Difference, row: Any) -> DifferenceSample:
    document = row.document or {}
    text = next((str(document[name]) for name in ("body", "text", "signature") if document.get(name)), None)
    return DifferenceSample(difference, text, row.kind, row.provider)
