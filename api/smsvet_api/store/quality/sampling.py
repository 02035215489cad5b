"""Draws cases for a blind second review, and compares the decisions; shows golden items, and grades the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ..accounts.users import User
from ..cases.opening import open_case
from ..cases.tables import activity, cases, resolutions
from ..submissions.tables import submissions, verdicts
from ..trail.events import append
from .copies import show_golden
from .eligibility import has_reviewer
from .outcomes import ORDINARY, update_outcomes
from .rates import is_drawn, read_rates
from .tables import golden_items, samples

SAMPLED: Final = frozenset({"verdict", "report"})
"""Origins of the cases that are drawn from."""
LEAST_TIME: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """The answer to a golden item, which its reviewer gets right after deciding."""

    expected: str
    """The decision on which two reviewers and a lead agreed."""
    agreed: bool


def after_decision(
    connection: sa.Connection, at: datetime, case_row: Any, resolution_row: Any, user: User
) -> GoldenAnswer | None:
    """Sample a decision within its transaction, after the resolution was inserted; return the answer of a golden item.

    The outcome of the findings is stored too.
    `case_row` is a row of `cases`, `resolution_row` one of `resolutions`. A case of the queue may be drawn for a second
    review, or be followed by a golden item. Once a second review and the first decision both stand, they are compared.
    """
    if case_row.origin in ORDINARY:
        update_outcomes(connection, case_row.verdict_id)
    if case_row.origin == "golden":
        return _grade(connection, case_row.id, resolution_row.decision)
    if case_row.origin == "second":
        compare(connection, at, case_row.first_case_id, case_row.id)
    elif case_row.origin in SAMPLED:
        second = _second_of(connection, case_row.id)
        if second is not None:
            compare(connection, at, case_row.id, second)
            return None
        rates = read_rates(connection)
        if is_drawn(connection, rates, "second", case_row.id, case_row.kind):
            _open_second(connection, at, case_row, user)
        if is_drawn(connection, rates, "golden", case_row.id, case_row.kind):
            show_golden(connection, at, case_row, user, time_for(case_row))
    return None


def after_withdrawal(connection: sa.Connection, at: datetime, case_row: Any) -> None:
    """Take back, within the transaction that withdraws a decision, what followed from it.

    A golden answer stays graded: the reviewer was told the right one.
    """
    if case_row.origin in ORDINARY:
        update_outcomes(connection, case_row.verdict_id)
    if case_row.origin == "second":
        compare(connection, at, case_row.first_case_id, case_row.id)
    elif case_row.origin in SAMPLED:
        second = _second_of(connection, case_row.id)
        if second is not None:
            compare(connection, at, case_row.id, second)


def compare(connection: sa.Connection, at: datetime, first_id: int, second_id: int) -> None:
    """Compare the first decision with the second one, and open a case for a lead if they differ.

    The first resolution of each case counts that was not withdrawn: a later change by a lead or an appeal is not an answer
    of these two people. A case for a lead that nobody has touched is removed when its reason is gone.
    """
    first, second = (_standing(connection, case_id) for case_id in (first_id, second_id))
    outcome = None if first is None or second is None else "agreed" if first == second else "differed"
    connection.execute(samples.update().where(samples.c.case_id == second_id).values(outcome=outcome))
    found = connection.execute(
        sa.select(cases.c.id).where(cases.c.origin == "disagreement", cases.c.first_case_id == first_id)
    ).scalar_one_or_none()
    if outcome == "differed" and found is None:
        _open_disagreement(connection, at, first_id, second_id)
    elif outcome != "differed" and found is not None:
        _remove_untouched(connection, found)


def time_for(case_row: Any) -> timedelta:
    """Return the time within which a further case is due: what the first one had, an hour at least."""
    given: timedelta = case_row.due_at - case_row.opened_at
    return max(given, LEAST_TIME)


def _grade(connection: sa.Connection, case_id: int, decision: str) -> GoldenAnswer:
    row = connection.execute(
        sa.select(samples.c.id, samples.c.outcome, golden_items.c.decision)
        .join(golden_items, golden_items.c.id == samples.c.golden_id)
        .where(samples.c.case_id == case_id)
    ).one()
    agreed = decision == row.decision
    if row.outcome is None:  # after an undo the answer is known
        outcome = "agreed" if agreed else "differed"
        connection.execute(samples.update().where(samples.c.id == row.id).values(outcome=outcome))
    return GoldenAnswer(row.decision, agreed)


def _open_second(connection: sa.Connection, at: datetime, case_row: Any, user: User) -> None:
    opened = _open_like(connection, at, case_row, "second", case_row.id, blind=True)
    if not has_reviewer(connection, opened, user.id):
        connection.execute(cases.delete().where(cases.c.id == opened))
        return
    connection.execute(
        samples.insert().values(case_id=opened, kind="second", first_case_id=case_row.id, created_at=at)
    )
    append(connection, at, "system", "sample.drawn", f"sample:{opened}", {"first_case": case_row.id})


def _open_disagreement(connection: sa.Connection, at: datetime, first_id: int, second_id: int) -> None:
    first = connection.execute(sa.select(cases).where(cases.c.id == first_id)).one()
    opened = _open_like(connection, at, first, "disagreement", first_id, blind=False)
    connection.execute(cases.update().where(cases.c.id == opened).values(state="escalated", for_leads=True))
    body = {"case": opened, "first_case": first_id, "second_case": second_id}
    append(connection, at, "system", "sample.differed", f"sample:{second_id}", body)


def _open_like(
    connection: sa.Connection, at: datetime, like: Any, origin: str, first_id: int, *, blind: bool
) -> int:
    submission = connection.execute(
        sa.select(submissions).where(submissions.c.id == like.submission_id)
    ).one()
    document = connection.execute(
        sa.select(verdicts.c.document).where(verdicts.c.id == like.verdict_id)
    ).scalar_one_or_none()
    return open_case(
        connection,
        submission,
        like.verdict_id,
        document or {"findings": [], "faults": []},  # retention has deleted the text, and the verdict with it
        at,
        at + time_for(like),
        origin=origin,
        blind=blind,
        first_case_id=first_id,
        cluster=None if blind else like.cluster,  # a cluster shows what was decided on the others
    )


def _remove_untouched(connection: sa.Connection, case_id: int) -> None:
    touched = sa.or_(
        cases.c.holder_id.is_not(None),
        sa.exists().where(activity.c.case_id == cases.c.id).correlate(cases),
        sa.exists().where(resolutions.c.case_id == cases.c.id).correlate(cases),
    )
    connection.execute(cases.delete().where(cases.c.id == case_id, ~touched))


def _second_of(connection: sa.Connection, case_id: int) -> int | None:
    return connection.execute(
        sa.select(samples.c.case_id).where(samples.c.kind == "second", samples.c.first_case_id == case_id)
    ).scalar_one_or_none()


def _standing(connection: sa.Connection, case_id: int) -> str | None:
    return connection.execute(
        sa.select(resolutions.c.decision)
        .where(resolutions.c.case_id == case_id, resolutions.c.withdrawn_at.is_(None))
        .order_by(resolutions.c.id)
        .limit(1)
    ).scalar_one_or_none()
