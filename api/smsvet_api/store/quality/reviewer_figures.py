"""The figures of reviewers, and their agreement with each other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..cases.tables import cases, notes, resolutions
from ..store import Store
from .agreement import Agreement, agreement_of
from .first_decision import first_of
from .outcomes import ORDINARY
from .precision import Ratio, ratio_of
from .tables import samples

MOST_TIMED: Final = 500
"""The number of latest decisions of a person whose median time is taken."""
UNDONE: Final = timedelta(days=1)
"""A second review is drawn with the first decision. If that is withdrawn, the one that counts comes so much later at most."""


@dataclass(frozen=True, slots=True)
class ReviewerFigures:
    """The decisions of a reviewer in a period. A ratio with its interval does not justify a measure by itself."""

    name: str
    decided: int
    median_seconds: float | None
    """From the claim to the decision, of the latest 500 decisions."""
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
        decided = connection.execute(_decided(user, since, until)).all()
        seconds = _seconds(connection, [person for person, _ in decided], since, until)
        golden = connection.execute(
            sa.select(resolutions.c.user_id, samples.c.outcome, sa.func.count())
            .select_from(samples)
            .join(resolutions, resolutions.c.case_id == samples.c.case_id)
            .where(samples.c.kind == "golden", samples.c.outcome.is_not(None), *_standing(since, until))
            .group_by(resolutions.c.user_id, samples.c.outcome)
        ).all()
        blind, later = _blind(connection, since, until), _later(connection, since, until)
        names = {row.id: row.name for row in connection.execute(sa.select(users.c.id, users.c.name))}
    answers = {(person, outcome): number for person, outcome, number in golden}
    return [
        ReviewerFigures(
            names[person],
            number,
            median(seconds[person]) if seconds[person] else None,
            _overturned([pair for pair in later if pair.first_user == person]),
            ratio_of(
                answers.get((person, "agreed"), 0),
                sum(answers.get((person, outcome), 0) for outcome in ("agreed", "differed")),
            ),
            _agreement([pair for pair in blind if person in (pair.first_user, pair.second_user)]),
        )
        for person, number in sorted(decided, key=lambda row: names[row.user_id])
    ]


def _decided(user: User, since: datetime, until: datetime) -> sa.Select[Any, int]:
    own = [resolutions.c.user_id == user.id] if user.role == "reviewer" else []
    return (
        sa.select(resolutions.c.user_id, sa.func.count())
        .where(*_standing(since, until), *own)
        .group_by(resolutions.c.user_id)
    )


def _seconds(
    connection: sa.Connection, people: Collection[int], since: datetime, until: datetime
) -> dict[int, list[float]]:
    """Return the seconds from claim to decision of the latest decisions of each person."""
    place = sa.func.row_number().over(partition_by=resolutions.c.user_id, order_by=resolutions.c.at.desc())
    latest = (
        sa.select(resolutions.c.case_id, resolutions.c.user_id, resolutions.c.at, place.label("place"))
        .where(resolutions.c.user_id.in_(people), *_standing(since, until))
        .subquery()
    )
    rows = connection.execute(
        sa.select(latest.c.user_id, latest.c.at, cases.c.locked_at)
        .join(cases, cases.c.id == latest.c.case_id)
        .where(latest.c.place <= MOST_TIMED)
    )
    found: dict[int, list[float]] = {person: [] for person in people}
    for person, at, claimed in rows:
        if claimed is not None and claimed <= at:
            found[person].append((at - claimed).total_seconds())
    return found


def _overturned(pairs: list[_Pair]) -> Ratio:
    return ratio_of(sum(pair.first != pair.second for pair in pairs), len(pairs))


def _agreement(pairs: list[_Pair]) -> Agreement:
    return agreement_of((pair.first, pair.second) for pair in pairs)


def _standing(since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return resolutions.c.withdrawn_at.is_(None), resolutions.c.at >= since, resolutions.c.at < until


def _blind(connection: sa.Connection, since: datetime, until: datetime) -> list[_Pair]:
    first, second = resolutions.alias("first_made"), resolutions.alias("second_made")
    rows = connection.execute(
        sa.select(first.c.decision, second.c.decision, first.c.user_id, second.c.user_id)
        .select_from(samples)
        .join(first, first.c.id == first_of(samples.c.first_case_id, samples))
        .join(second, second.c.id == first_of(samples.c.case_id, samples))
        .where(
            samples.c.kind == "second",
            samples.c.created_at >= since - UNDONE,
            samples.c.created_at < until,
            first.c.at >= since,
            first.c.at < until,
        )
    )
    return [_Pair(*row) for row in rows]


def _later(connection: sa.Connection, since: datetime, until: datetime) -> list[_Pair]:
    """Return each first decision with the last one by another person who saw it."""
    ordinary = (resolutions.c.withdrawn_at.is_(None), cases.c.origin.in_(ORDINARY))
    # Another person decides after an appeal or a disagreement, or once a lead reopened the case.
    twice = sa.union_all(
        sa.select(cases.c.submission_id).where(
            cases.c.opened_at >= since, cases.c.origin.in_(("appeal", "disagreement"))
        ),
        sa.select(cases.c.submission_id)
        .join(notes, notes.c.case_id == cases.c.id)
        .where(notes.c.kind == "reopened", notes.c.at >= since),
    )
    rows = connection.execute(
        sa.select(
            cases.c.submission_id,
            resolutions.c.decision,
            resolutions.c.user_id,
            resolutions.c.at,
        )
        .join(cases, cases.c.id == resolutions.c.case_id)
        .where(*ordinary, cases.c.submission_id.in_(twice))
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
