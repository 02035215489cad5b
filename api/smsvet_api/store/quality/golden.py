"""Golden items: past cases with a decision that is beyond doubt, which are shown again to see how reliably people decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..accounts.users import User
from ..cases.tables import cases, resolutions
from ..errors import ConflictError, ForbiddenError, NotFoundError
from ..paging import newest_rows
from ..store import Store
from ..submissions.tables import submissions, verdicts
from ..texts import text_of
from ..trail.events import append
from .first_decision import first_of
from .overturned import SHOWN
from .sampling import SAMPLED
from .tables import golden_items, samples


@dataclass(frozen=True, slots=True)
class GoldenItem:
    """A golden item, with how often it was shown and answered as expected."""

    id: int
    case_id: int
    decision: str
    created_at: datetime
    retired_at: datetime | None
    shown: int
    answered: int
    agreed: int
    text: str
    """Empty once retention deleted it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case on which two people agreed, and which can become a golden item."""

    case_id: int
    decision: str
    kind: str
    provider: str
    decided_at: datetime
    text: str


def add_golden(store: Store, user: User, case_id: int, decision: str) -> GoldenItem:
    """Make a golden item of a case on which two people agreed; the lead who makes it is the third.

    Raises ForbiddenError for anybody but a lead, NotFoundError, and ConflictError unless a blind second review agreed,
    the lead decides the same, decided neither time, and the verdict has no fault.
    """
    _check_lead(user)
    at = store.now()
    with store.database.transaction() as connection:
        case = connection.execute(
            sa.select(
                cases.c.id, cases.c.origin, submissions.c.document.label("submission"), verdicts.c.document
            )
            .join(submissions, submissions.c.id == cases.c.submission_id)
            .join(verdicts, verdicts.c.id == cases.c.verdict_id)
            .where(cases.c.id == case_id)
        ).one_or_none()
        if case is None:
            raise NotFoundError("没有这个案件", "There is no such case")
        _check(connection, user, case, decision)
        existing = connection.execute(
            sa.select(golden_items.c.id).where(golden_items.c.case_id == case_id)
        ).scalar_one_or_none()
        values = {"decision": decision, "user_id": user.id, "retired_at": None}
        if existing is None:
            number = connection.execute(
                golden_items.insert()
                .values(case_id=case_id, created_at=at, **values)
                .returning(golden_items.c.id)
            ).scalar_one()
        else:
            number = existing
            connection.execute(golden_items.update().where(golden_items.c.id == number).values(values))
        body = {"case": case_id, "decision": decision}
        append(connection, at, user.actor, "golden.added", f"golden:{number}", body)
        return _item(connection.execute(_items().where(golden_items.c.id == number)).one())


def retire_golden(store: Store, user: User, number: int) -> GoldenItem:
    """Show a golden item no more. Raises ForbiddenError for anybody but a lead, and NotFoundError."""
    _check_lead(user)
    at = store.now()
    with store.database.transaction() as connection:
        query = _items().where(golden_items.c.id == number)
        found = connection.execute(query).one_or_none()
        if found is None:
            raise NotFoundError("没有这个金标", "There is no such golden item")
        if found.retired_at is None:
            connection.execute(golden_items.update().where(golden_items.c.id == number).values(retired_at=at))
            append(connection, at, user.actor, "golden.retired", f"golden:{number}", {})
        return _item(connection.execute(query).one())


def list_golden(
    store: Store, before: int | None = None, limit: int = 50
) -> tuple[list[GoldenItem], int | None]:
    """Return golden items, newest first, with ids below `before`; and the id to continue with, None at the end."""
    with store.database.reading() as connection:
        rows, following = newest_rows(connection, _items(), golden_items.c.id, before, limit)
    return [_item(row) for row in rows], following


def golden_candidates(store: Store, limit: int = 50) -> list[Candidate]:
    """Return the latest cases on which two people agreed and that are not golden items yet, newest first."""
    with store.database.reading() as connection:
        rows = connection.execute(
            sa.select(
                cases.c.id,
                resolutions.c.decision,
                cases.c.kind,
                cases.c.provider,
                resolutions.c.at,
                submissions.c.document,
            )
            .select_from(samples)
            .join(cases, cases.c.id == samples.c.first_case_id)
            .join(resolutions, resolutions.c.id == first_of(cases.c.id, cases))
            .join(submissions, submissions.c.id == cases.c.submission_id)
            .outerjoin(golden_items, golden_items.c.case_id == cases.c.id)
            .where(
                samples.c.kind == "second",
                samples.c.outcome == "agreed",
                golden_items.c.id.is_(None),
                submissions.c.document.is_not(None),
            )
            .order_by(samples.c.id.desc())
            .limit(limit)
        ).all()
    return [Candidate(*row[:-1], text_of(row.document)[:SHOWN]) for row in rows]


def _check_lead(user: User) -> None:
    if user.role != "lead":
        raise ForbiddenError("只有组长可以管理金标", "Golden items are for leads")


def _check(connection: sa.Connection, user: User, case: Any, decision: str) -> None:
    second = connection.execute(
        sa.select(samples.c.case_id).where(
            samples.c.first_case_id == case.id, samples.c.kind == "second", samples.c.outcome == "agreed"
        )
    ).scalar_one_or_none()
    if case.origin not in SAMPLED or second is None:
        raise ConflictError("尚无两人一致的结论", "Two people have not agreed on this case")
    made = connection.execute(
        sa.select(resolutions.c.decision, resolutions.c.user_id).where(
            resolutions.c.case_id.in_((case.id, second)), resolutions.c.withdrawn_at.is_(None)
        )
    ).all()
    if {row.decision for row in made} != {decision}:
        raise ConflictError("与两人的结论不一致", "The decision is not the one on which the two agreed")
    if user.id in {row.user_id for row in made}:
        raise ConflictError(
            "您已处理过此案件，请由另一位组长确认", "You decided this case: another lead has to confirm it"
        )
    if case.submission is None or case.document is None:
        raise ConflictError("内容已按保留期限删除", "Retention has deleted the text")
    if case.document["faults"]:
        raise ConflictError("机器结论带有故障，不够清楚", "The verdict has a fault, so the case is not clear")


def _items() -> sa.Select[Any]:
    """Return the query for golden items, with the numbers of their samples."""

    def number(outcome: str | None) -> sa.ColumnElement[int]:
        matched = samples.c.id.is_not(None) if outcome is None else samples.c.outcome == outcome
        return sa.func.coalesce(sa.func.sum(sa.case((matched, 1), else_=0)), 0)

    return (
        sa.select(
            golden_items,
            submissions.c.document,
            number(None).label("shown"),
            number("agreed").label("agreed"),
            number("differed").label("differed"),
        )
        .select_from(golden_items)
        .join(cases, cases.c.id == golden_items.c.case_id)
        .join(submissions, submissions.c.id == cases.c.submission_id)
        .outerjoin(samples, samples.c.golden_id == golden_items.c.id)
        .group_by(*golden_items.c, submissions.c.document)
    )


def _item(row: Any) -> GoldenItem:
    return GoldenItem(
        row.id,
        row.case_id,
        row.decision,
        row.created_at,
        row.retired_at,
        int(row.shown),
        int(row.agreed) + int(row.differed),
        int(row.agreed),
        text_of(row.document)[:SHOWN],
    )
