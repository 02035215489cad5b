"""One case in full, as its page shows it; a blind case without what would sway the reviewer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..instants import instant
from ..quality.tables import golden_items, samples
from ..store import Store
from ..submissions.tables import submissions
from ..trail.tables import events
from .actions import HARD_END, Action, Refusal, actions_for, require_role
from .case import PRIVATE, load_case
from .choice import Choice
from .listing import Row, row_of, rows_query
from .tables import appeals, cases, notes, resolutions

APPLICANT: Final = timedelta(days=30)
SIMILAR: Final = 20


@dataclass(frozen=True, slots=True)
class Past:
    """An event of a case's history. Texts are empty where there are none, or they were deleted."""

    at: datetime
    actor: str
    kind: str
    """Such as `case.decided`, `decision.withdrawn`, `case.held`."""
    decision: str | None
    reasons: tuple[str, ...]
    overturn: str | None
    note: str
    message: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A decision on another case of the same submission: the first one of an appeal, both of a disagreement."""

    case_id: int
    origin: str
    user: str
    decision: str
    reasons: tuple[str, ...]
    overturn: str | None
    note: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Similar:
    """Another case of the cluster."""

    row: Row
    resolution: str | None
    """How people decided it."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in full."""

    row: Row
    origin: str
    submission: Mapping[str, Any] | None
    """As JSON, without the submitter's id; None once it was deleted."""
    verdict: Mapping[str, Any] | None
    """As JSON; None for a blind case, and once it was deleted."""
    history: tuple[Past, ...]
    earlier: tuple[Earlier, ...]
    """Decisions on other cases of the submission, the oldest first."""
    appeals: tuple[str, ...]
    """Texts of the submitter's appeals."""
    submitted: int
    """Other submissions of this applicant within 30 days."""
    rejected: int
    """Rejected ones among them."""
    similar: tuple[Similar, ...]
    actions: Mapping[Action, Refusal | None]
    lock_ends_at: datetime | None
    """No heartbeat extends the user's own lock beyond this moment."""
    withdrawn: Choice | None
    """The last decision on the case, if the user has just withdrawn it, to fill the form again."""
    revision: str
    """The content with which the machine reviewed it."""
    at: datetime
    """The time of the service."""


def view_case(store: Store, user: User, case_id: int) -> CaseView:
    """Return a case in full. Raises ForbiddenError, and NotFoundError for a case that the user may not know of."""
    require_role(user, change=False)
    at = store.now()
    with store.database.reading() as connection:
        case = load_case(connection, case_id, user, at)
        row = connection.execute(rows_query(user, at).where(cases.c.id == case_id)).one()
        submission = connection.execute(
            sa.select(submissions).where(submissions.c.id == row.submission_id)
        ).one()
        applicant = _original(connection, case_id) if case.origin == "golden" else None
        hidden = row.blind and user.role != "auditor"
        submitted, rejected = _applicant(connection, applicant or submission, at)
        return CaseView(
            row=row_of(row, user, at),
            origin=_origin(case.origin, user),
            submission=_without_id(submission.document),
            verdict=None if hidden else _without_id(row.verdict),
            history=() if hidden else _history(connection, case_id),
            earlier=() if hidden else _earlier(connection, row, user),
            appeals=() if hidden else _appeals(connection, row.submission_id),
            submitted=submitted,
            rejected=rejected,
            similar=() if hidden else _similar(connection, row, submission, user, at),
            actions=actions_for(case, user, at),
            lock_ends_at=case.locked_at + HARD_END if case.locked_at and case.holder_id == user.id else None,
            withdrawn=_withdrawn(connection, case_id, user),
            revision=row.revision,
            at=at,
        )


def _origin(origin: str, user: User) -> str:
    """Return why a case was opened. A reviewer cannot tell golden items from other cases."""
    return "verdict" if origin == "golden" and user.role == "reviewer" else origin


def _without_id(document: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if document is None else {name: value for name, value in document.items() if name != "id"}


def _applicant(connection: sa.Connection, submission: Any, at: datetime) -> tuple[int, int]:
    rejected = sa.func.sum(sa.case((submissions.c.status == "rejected", 1), else_=0))
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(rejected, 0)).where(
            submissions.c.id != submission.id,  # its status has the first decision of a second review
            submissions.c.owner_id == submission.owner_id,
            # Not `IS NOT DISTINCT FROM`, for which PostgreSQL uses no index.
            submissions.c.account.is_(None)
            if submission.account is None
            else submissions.c.account == submission.account,
            submissions.c.received_at > at - APPLICANT,
        )
    ).one()
    return row[0], row[1]


def _original(connection: sa.Connection, case_id: int) -> Any:
    """Return the submission that a golden item copies: the copies have an owner of their own."""
    original = cases.alias()
    return connection.execute(
        sa.select(submissions)
        .join(original, original.c.submission_id == submissions.c.id)
        .join(golden_items, golden_items.c.case_id == original.c.id)
        .join(samples, samples.c.golden_id == golden_items.c.id)
        .where(samples.c.case_id == case_id)
    ).one_or_none()


def _withdrawn(connection: sa.Connection, case_id: int, user: User) -> Choice | None:
    row = connection.execute(
        sa.select(resolutions)
        .where(resolutions.c.case_id == case_id)
        .order_by(resolutions.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.withdrawn_at is None or row.user_id != user.id:
        return None
    return Choice(row.decision, tuple(row.reasons), row.overturn, row.note, row.message)


def _appeals(connection: sa.Connection, submission_id: int) -> tuple[str, ...]:
    found = sa.select(appeals.c.text).where(appeals.c.submission_id == submission_id).order_by(appeals.c.id)
    return tuple(connection.execute(found).scalars())


def _history(connection: sa.Connection, case_id: int) -> tuple[Past, ...]:
    written = {
        row.id: row.text
        for row in connection.execute(sa.select(notes.c.id, notes.c.text).where(notes.c.case_id == case_id))
    }
    decided = {
        row.id: row
        for row in connection.execute(sa.select(resolutions).where(resolutions.c.case_id == case_id))
    }
    found = connection.execute(
        sa.select(events).where(events.c.subject == f"case:{case_id}").order_by(events.c.seq)
    )
    past: list[Past] = []
    for event in found:
        body = json.loads(event.body)
        made = decided.get(body.get("resolution")) if event.kind == "case.decided" else None
        past.append(
            Past(
                at=instant(event.at),
                actor=event.actor,
                kind=event.kind,
                decision=body.get("decision"),
                reasons=tuple(body.get("reasons") or ()),
                overturn=body.get("overturn"),
                note=made.note if made is not None else written.get(body.get("note"), ""),
                message=made.message if made is not None else "",
            )
        )
    return tuple(past)


def _earlier(connection: sa.Connection, row: Any, user: User) -> tuple[Earlier, ...]:
    """Return the decisions on other cases of a submission; reviewers do not see those of the quality check."""
    shown = cases.c.origin != "golden" if user.role in ("lead", "auditor") else cases.c.origin.not_in(PRIVATE)
    found = connection.execute(
        sa.select(resolutions, cases.c.origin, users.c.name.label("user"))
        .join(cases, cases.c.id == resolutions.c.case_id)
        .join(users, users.c.id == resolutions.c.user_id)
        .where(
            cases.c.submission_id == row.submission_id,
            cases.c.id < row.id,
            resolutions.c.withdrawn_at.is_(None),
            shown,
        )
        .order_by(resolutions.c.id)
    )
    return tuple(
        Earlier(
            case_id=one.case_id,
            origin=one.origin,
            user=one.user,
            decision=one.decision,
            reasons=tuple(one.reasons),
            overturn=one.overturn,
            note=one.note,
            message=one.message,
            at=one.at,
        )
        for one in found
    )


def _similar(
    connection: sa.Connection, row: Any, submission: Any, user: User, at: datetime
) -> tuple[Similar, ...]:
    """Return the other cases of the cluster. The same text twice is a copy, whose original would give the answer away."""
    if row.cluster is None:
        return ()
    found = connection.execute(
        rows_query(user, at, row.cluster)
        .where(
            cases.c.cluster == row.cluster,
            cases.c.id != row.id,
            cases.c.blind.is_(False),
            cases.c.origin.in_(("verdict", "report", "appeal")),
            submissions.c.text_digest != submission.text_digest,
        )
        .order_by(cases.c.id.desc())
        .limit(SIMILAR)
    ).all()
    latest = (
        sa.select(resolutions.c.case_id, resolutions.c.decision)
        .where(
            resolutions.c.case_id.in_([one.id for one in found if one.state == "decided"]),
            resolutions.c.withdrawn_at.is_(None),
        )
        .order_by(resolutions.c.id)
    )
    decided = {one.case_id: one.decision for one in connection.execute(latest)}
    return tuple(Similar(row_of(one, user, at), decided.get(one.id)) for one in found)
