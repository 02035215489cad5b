"""The figures of reviewers, and their agreement with each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..cases.tables import cases, resolutions
from ..store import Store
from .agreement import Agreement, agreement_of
from .precision import Ratio, median, ratio_of
from .rule_figures import ORDINARY
from .tables import samples


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """The decisions of a reviewer in a period. A ratio with its interval does not justify a measure by itself."""

    name: str
    decided: int
    median_seconds: float | None
    """From the claim to the decision."""
    overturned: Ratio
    """Of the decisions on which another person decided later, those with another outcome: by a lead, or an appeal."""
    golden: Ratio
    """Of the golden items, those decided as expected."""
    agreement: Agreement
    """With the other person of blind second reviews."""


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """The agreement between people in a period."""

    blind: Agreement
    """First decision and blind second review. The first person had seen the machine's findings, the second had not."""
    unblinded: Agreement
    """First decision and that of a later person who saw it: a lead or an appeal. It is higher than people really agree."""
    waiting: int
    """Second reviews that were not decided yet."""


@dataclass(frozen=True, slots=True)
class _Pair:
    first: str
    second: str
    first_user: int
    second_user: int


def agreement_report(store: Store, since: datetime, until: datetime) -> AgreementReport:
    """Return the agreement over first decisions from `since` to `until`, the end not included."""
    with store.database.reading() as connection:
        blind = _blind(connection, since, until)
        later = _later(connection, since, until)
        waiting = connection.execute(
            sa.select(sa.func.count())
            .select_from(samples)
            .where(
                samples.c.kind == "second",
                samples.c.outcome.is_(None),
                samples.c.created_at >= since,
                samples.c.created_at < until,
            )
        ).scalar_one()
    return AgreementReport(_agreement(blind), _agreement(later), waiting)


def reviewer_figures(store: Store, user: User, since: datetime, until: datetime) -> list[ReviewerFigures]:
    """Return the figures of each person who decided from `since` to `until`, by name; a reviewer sees only the own ones."""
    with store.database.reading() as connection:
        rows = connection.execute(
            sa.select(resolutions.c.user_id, resolutions.c.at, cases.c.locked_at)
            .join(cases, cases.c.id == resolutions.c.case_id)
            .where(*_standing(since, until))
        ).all()
        golden = connection.execute(
            sa.select(resolutions.c.user_id, samples.c.outcome, sa.func.count())
            .join(samples, samples.c.case_id == resolutions.c.case_id)
            .where(samples.c.kind == "golden", samples.c.outcome.is_not(None), *_standing(since, until))
            .group_by(resolutions.c.user_id, samples.c.outcome)
        ).all()
        blind, later = _blind(connection, since, until), _later(connection, since, until)
        names = {row.id: row.name for row in connection.execute(sa.select(users.c.id, users.c.name))}
    seconds: dict[int, list[float]] = {}
    decided: Counter[int] = Counter()
    for row in rows:
        decided[row.user_id] += 1
        if row.locked_at is not None and row.locked_at <= row.at:
            seconds.setdefault(row.user_id, []).append((row.at - row.locked_at).total_seconds())
    answers = {(person, outcome): number for person, outcome, number in golden}
    chosen = [number for number in decided if user.role != "reviewer" or number == user.id]
    return [
        ReviewerFigures(
            names[person],
            decided[person],
            median(seconds.get(person, [])),
            _overturned([pair for pair in later if pair.first_user == person]),
            ratio_of(
                answers.get((person, "agreed"), 0),
                sum(answers.get((person, outcome), 0) for outcome in ("agreed", "differed")),
            ),
            _agreement([pair for pair in blind if person in (pair.first_user, pair.second_user)]),
        )
        for person in sorted(chosen, key=lambda number: names[number])
    ]


def _overturned(pairs: list[_Pair]) -> Ratio:
    return ratio_of(sum(pair.first != pair.second for pair in pairs), len(pairs))


def _agreement(pairs: list[_Pair]) -> Agreement:
    return agreement_of((pair.first, pair.second) for pair in pairs)


def _standing(since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return resolutions.c.withdrawn_at.is_(None), resolutions.c.at >= since, resolutions.c.at < until


def _first_of_case() -> sa.Subquery:
    """Return the first decision of each case that was not withdrawn."""
    first = (
        sa.select(sa.func.min(resolutions.c.id).label("id"))
        .where(resolutions.c.withdrawn_at.is_(None))
        .group_by(resolutions.c.case_id)
        .subquery()
    )
    return sa.select(resolutions).join(first, first.c.id == resolutions.c.id).subquery()


def _blind(connection: sa.Connection, since: datetime, until: datetime) -> list[_Pair]:
    first, second = _first_of_case().alias("first_made"), _first_of_case().alias("second_made")
    rows = connection.execute(
        sa.select(first.c.decision, second.c.decision, first.c.user_id, second.c.user_id)
        .select_from(samples)
        .join(first, first.c.case_id == samples.c.first_case_id)
        .join(second, second.c.case_id == samples.c.case_id)
        .where(samples.c.kind == "second", first.c.at >= since, first.c.at < until)
    )
    return [_Pair(*row) for row in rows]


def _later(connection: sa.Connection, since: datetime, until: datetime) -> list[_Pair]:
    """Return each first decision with the last one by another person who saw it."""
    rows = connection.execute(
        sa.select(
            cases.c.submission_id,
            resolutions.c.id,
            resolutions.c.decision,
            resolutions.c.user_id,
            resolutions.c.at,
        )
        .join(cases, cases.c.id == resolutions.c.case_id)
        .where(
            resolutions.c.withdrawn_at.is_(None),
            cases.c.origin.in_(ORDINARY),
            cases.c.submission_id.in_(
                sa.select(cases.c.submission_id)
                .join(resolutions, resolutions.c.case_id == cases.c.id)
                .where(*_standing(since, until), cases.c.origin.in_(ORDINARY))
            ),
        )
        .order_by(resolutions.c.id)
    )
    made: dict[int, list[Any]] = {}
    for row in rows:
        made.setdefault(row.submission_id, []).append(row)
    pairs = []
    for first, *others in made.values():
        later = [row for row in others if row.user_id != first.user_id]
        if later and since <= first.at < until:
            pairs.append(_Pair(first.decision, later[-1].decision, first.user_id, later[-1].user_id))
    return pairs
