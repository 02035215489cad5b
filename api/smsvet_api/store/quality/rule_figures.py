"""The figures of a rule: how often it hits, and how often people overturn it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ...dates import CHINA
from ..cases.tables import appeals, cases, resolutions
from ..instants import Instant, hour_of, instant, start_of_day
from ..store import Store
from ..submissions.tables import submissions, verdict_rules, verdicts
from .outcomes import ORDINARY
from .precision import Ratio, precision_of

MOST_TEXTS: Final = 1_000
"""The number of latest hits among which distinct texts are counted."""
_DAY: Final = timedelta(days=1)
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
    """The latest hits, at most 1,000, among which distinct texts were counted."""
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
        hits = connection.execute(
            sa.select(verdict_rules.c.alone, verdict_rules.c.outcome, sa.func.count())
            .where(*period)
            .group_by(verdict_rules.c.alone, verdict_rules.c.outcome)
        ).all()
        days = _daily_hits(connection, rule, period)
        last = connection.execute(
            sa.select(sa.func.max(verdict_rules.c.at)).where(verdict_rules.c.rule == rule)
        ).scalar_one()
        overturned = connection.execute(_overturned(period)).all()
        examined, distinct = _texts(connection, period)
        appealed = connection.execute(
            sa.select(sa.func.count(sa.distinct(appeals.c.id)))
            .join(verdicts, verdicts.c.submission_id == appeals.c.submission_id)
            .join(verdict_rules, verdict_rules.c.verdict_id == verdicts.c.id)
            .where(*period)
        ).scalar_one()
    counted: Counter[str | None] = Counter()
    for _, outcome, number in hits:
        counted[outcome] += number
    reasons: Counter[str] = Counter()
    for at, reason, number in overturned:
        days.setdefault(_day(at), [0, 0])[1] += number
        reasons[reason or "none"] += number
    reviewed = counted.total() - counted[None]
    return RuleFigures(
        rule,
        since,
        until,
        counted.total(),
        examined,
        distinct,
        sum(number for alone, _, number in hits if alone),
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


def _daily_hits(
    connection: sa.Connection, rule: str, period: tuple[sa.ColumnElement[bool], ...]
) -> dict[date, list[int]]:
    """Return the hits of each day in China with any, and 0 overturns."""
    first, last = connection.execute(
        sa.select(sa.func.min(verdict_rules.c.at), sa.func.max(verdict_rules.c.at)).where(*period)
    ).one()
    if first is None:
        return {}
    begins = [start_of_day(first)]
    while begins[-1] + _DAY <= last:
        begins.append(begins[-1] + _DAY)
    names = (sa.column(name, Instant) for name in ("since", "until"))
    # Each day is counted within its bounds on the index, which takes a fifth of the time of grouping all hits.
    end = last + timedelta(microseconds=1)
    spans = [(max(begin, first), min(begin + _DAY, end)) for begin in begins]
    bounds = sa.values(*names, name="days").data(spans).cte("days")
    number = (
        sa.select(sa.func.count())
        .where(
            verdict_rules.c.rule == rule,
            verdict_rules.c.at >= bounds.c.since,
            verdict_rules.c.at < bounds.c.until,
        )
        .correlate(bounds)
        .scalar_subquery()
    )
    rows = connection.execute(sa.select(bounds.c.since, number))
    return {begin.astimezone(CHINA).date(): [hits, 0] for begin, hits in rows if hits}


def last_decision(verdict_id: sa.ColumnElement[int], table: sa.FromClause) -> sa.ScalarSelect[int]:
    """Return the id of the last decision on a verdict that stands. `table` has the column."""
    made, case = resolutions.alias(), cases.alias()
    return (
        sa.select(sa.func.max(made.c.id))
        .join(case, case.c.id == made.c.case_id)
        .where(case.c.verdict_id == verdict_id, case.c.origin.in_(ORDINARY), made.c.withdrawn_at.is_(None))
        .correlate(table)
        .scalar_subquery()
    )


def _overturned(period: tuple[sa.ColumnElement[bool], ...]) -> sa.Select[str, Any, int]:
    """Return the query for the hours and reasons of the decisions that overturned hits of a period."""
    grouped = (hour_of(resolutions.c.at), resolutions.c.overturn)
    return (
        sa.select(*grouped, sa.func.count())
        .select_from(verdict_rules)
        .join(resolutions, resolutions.c.id == last_decision(verdict_rules.c.verdict_id, verdict_rules))
        .where(*period, verdict_rules.c.outcome == "overturned")
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


def _day(hour: str) -> date:
    return instant(f"{hour}:00:00Z").astimezone(CHINA).date()
