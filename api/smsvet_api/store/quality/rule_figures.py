"""The figures of a rule: how often it hits, and how often people overturn it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ..cases.tables import appeals, cases, resolutions
from ..instants import instant
from ..store import Store
from ..submissions.tables import submissions, verdict_rules, verdicts
from .precision import Ratio, precision_of

ORDINARY: Final = ("verdict", "report", "appeal", "disagreement")
"""Origins of cases whose decision is that on the submission. A blind second review and a golden item are for quality."""
MOST_TEXTS: Final = 2_000
"""The number of latest hits among which distinct texts are counted."""
_CHINA: Final = timedelta(hours=8)
_TEXTS: Final = ("signature", "body", "params", "text")


@dataclass(frozen=True, slots=True)
class RuleDay:
    """A day in China: hits of that day, and decisions of that day that overturned the rule."""

    day: date
    hits: int
    overturned: int


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """A rule's figures over the submissions that were stored in a period."""

    rule: str
    since: datetime
    until: datetime
    hits: int
    examined: int
    """The latest hits, at most 2,000, among which distinct texts were counted."""
    distinct: int
    alone: int
    """Hits without which the verdict would have been milder: no other rule gives the same decision."""
    last_hit: datetime | None
    """Also outside the period."""
    reviewed: int
    """Hits on which a person decided."""
    rejected: int
    cleared: int
    """Approved without contradicting the rule, whose finding asks for manual review."""
    overturned: int
    """Approved against a reject finding of the rule, or with a reason why it is not followed."""
    precision: Ratio
    """Of the reviewed hits, those that were not overturned."""
    reasons: dict[str, int]
    """Reason of an overturn -> number."""
    appeals: int
    days: list[RuleDay]


def rule_figures(store: Store, rule: str, since: datetime, until: datetime) -> RuleFigures:
    """Return the figures of a rule over the verdicts from `since` to `until`, the end not included."""
    period = (verdict_rules.c.rule == rule, verdict_rules.c.at >= since, verdict_rules.c.at < until)
    with store.database.reading() as connection:
        hour = _hour(verdict_rules.c.at)
        hits = connection.execute(
            sa.select(
                hour,
                sa.func.count(),
                sa.func.sum(sa.case((verdict_rules.c.alone.is_(sa.true()), 1), else_=0)),
            )
            .where(*period)
            .group_by(hour)
        ).all()
        last = connection.execute(
            sa.select(sa.func.max(verdict_rules.c.at)).where(verdict_rules.c.rule == rule)
        ).scalar_one()
        decided = [tuple(row) for row in connection.execute(_decided(period))]
        examined, distinct = _texts(connection, period)
        appealed = connection.execute(
            sa.select(sa.func.count(sa.distinct(appeals.c.id)))
            .join(verdicts, verdicts.c.submission_id == appeals.c.submission_id)
            .join(verdict_rules, verdict_rules.c.verdict_id == verdicts.c.id)
            .where(*period)
        ).scalar_one()
    days: dict[date, list[int]] = {}
    for at, number, _ in hits:
        days.setdefault(_day(at), [0, 0])[0] += number
    counted: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for at, decision, overturn, asked, number in decided:
        outcome = "rejected" if decision == "reject" else "cleared"
        if decision == "approve" and (overturn is not None or asked == "reject"):
            outcome = "overturned"
            reasons[overturn or "none"] += number
            days.setdefault(_day(at), [0, 0])[1] += number
        counted[outcome] += number
    reviewed = counted.total()
    return RuleFigures(
        rule,
        since,
        until,
        sum(number for _, number, _ in hits),
        examined,
        distinct,
        sum(int(alone) for _, _, alone in hits),
        last if last is None or isinstance(last, datetime) else instant(last),
        reviewed,
        counted["rejected"],
        counted["cleared"],
        counted["overturned"],
        precision_of(reviewed, counted["overturned"]),
        dict(reasons.most_common()),
        appealed,
        [RuleDay(day, *numbers) for day, numbers in sorted(days.items())],
    )


def _decided(period: tuple[sa.ColumnElement[bool], ...]) -> Any:
    latest = (
        sa.select(cases.c.verdict_id, sa.func.max(resolutions.c.id).label("id"))
        .join(resolutions, resolutions.c.case_id == cases.c.id)
        .where(resolutions.c.withdrawn_at.is_(None), cases.c.origin.in_(ORDINARY))
        .group_by(cases.c.verdict_id)
        .subquery()
    )
    grouped = (
        _hour(resolutions.c.at),
        resolutions.c.decision,
        resolutions.c.overturn,
        verdict_rules.c.decision.label("asked"),
    )
    return (
        sa.select(*grouped, sa.func.count())
        .select_from(verdict_rules)
        .join(latest, latest.c.verdict_id == verdict_rules.c.verdict_id)
        .join(resolutions, resolutions.c.id == latest.c.id)
        .where(*period)
        .group_by(*grouped)
    )


def _texts(connection: sa.Connection, period: tuple[sa.ColumnElement[bool], ...]) -> tuple[int, int]:
    documents = connection.execute(
        sa.select(submissions.c.document)
        .join(verdicts, verdicts.c.submission_id == submissions.c.id)
        .join(verdict_rules, verdict_rules.c.verdict_id == verdicts.c.id)
        .where(*period, submissions.c.document.is_not(None))
        .order_by(verdict_rules.c.at.desc())
        .limit(MOST_TEXTS)
    ).scalars()
    digests = [
        hashlib.sha256(json.dumps([document.get(name) for name in _TEXTS]).encode()).digest()
        for document in documents
    ]
    return len(digests), len(set(digests))


def _hour(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """Return the hour of a moment as text: `2026-11-28T09`."""
    return sa.func.substr(sa.type_coerce(column, sa.String), 1, 13)


def _day(hour: str) -> date:
    return (instant(f"{hour}:00:00Z") + _CHINA).date()
