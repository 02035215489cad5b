"""The status of submissions as their submitter sees it.

It has what to change, the field and the clause. It leaves out how a finding was made: term, list, strength and
transforms. Until a person's decision is final, the submission shows as in review.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from smsvet.model import Lang

from ..accounts.users import User
from ..cases.tables import appeals, cases, resolutions
from ..cursors import cursor_of_id, id_of
from ..errors import NotFoundError
from ..paging import newest_rows
from ..store import Store
from .tables import submissions, verdicts

STATUSES: Final = ("received", "in_review", "approved", "rejected")
FINAL: Final = ("approved", "rejected")
TO_THE_SUBMITTER: Final = ("verdict", "appeal", "disagreement", "report")
"""Origins of cases whose decision is the submitter's. Second reviews and golden items only measure reviewers."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A necessary change, and why. `start` and `end` are code points of the field, None for content: there the message says it."""

    rule: str
    decision: str
    field: str | None
    start: int | None
    end: int | None
    title: str
    message: str
    fix: str
    suggestion: str | None
    clause: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class MachineVerdict:
    """The machine's verdict; `complete` is false if a rule failed or the review was stopped."""

    at: datetime
    decision: str
    as_of: str
    revision: str
    complete: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HumanResolution:
    """A person's decision that can no longer be withdrawn."""

    at: datetime
    decision: str
    message: str


@dataclass(frozen=True, slots=True)
class SubmissionStatus:
    """A submission and its status."""

    id: int
    client_id: str
    owner_id: int
    kind: str
    provider: str
    purpose: str | None
    status: str
    received_at: datetime
    final_at: datetime | None
    appeals: int
    document: dict[str, Any] | None
    """The submission as JSON; None once its text was deleted."""
    verdict: MachineVerdict | None
    resolution: HumanResolution | None


@dataclass(frozen=True, slots=True)
class StatusFilter:
    """Selects submissions; a field that is None selects all."""

    status: str | None = None
    kind: str | None = None
    provider: str | None = None
    client_id: str | None = None


def read_status(store: Store, user: User, submission_id: int, lang: Lang) -> SubmissionStatus:
    """Return one submission. Raises NotFoundError if there is none that the user may see."""
    query = sa.select(submissions).where(submissions.c.id == submission_id, _visible(user))
    with store.database.reading() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError("没有这份提交", "there is no such submission")
        return _statuses(connection, [row], store.now(), lang)[0]


def list_statuses(
    store: Store,
    user: User,
    lang: Lang,
    filters: StatusFilter = StatusFilter(),
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[list[SubmissionStatus], str | None]:
    """Return a page of the submissions that the user may see, the newest first, and the cursor of the next page.

    The cursor is None after the last page. Raises RefusedError for one that this function did not return.
    """
    now = store.now()
    query = sa.select(submissions).where(_visible(user))
    if filters.status is not None:
        query = query.where(_shown(now) == filters.status)
    for name in ("kind", "provider", "client_id"):
        if (value := getattr(filters, name)) is not None:
            query = query.where(submissions.c[name] == value)
    before = None if cursor is None else id_of(cursor)
    with store.database.reading() as connection:
        rows, following = newest_rows(connection, query, submissions.c.id, before, limit)
        return _statuses(connection, rows, now, lang), cursor_of_id(following)


def _visible(user: User) -> sa.ColumnElement[bool]:
    return sa.true() if user.may("read") else submissions.c.owner_id == user.id


def _shown(now: datetime) -> sa.ColumnElement[str]:
    """Return the status to show: a decision that can still be withdrawn shows as in review."""
    return sa.case((submissions.c.final_at > now, "in_review"), else_=submissions.c.status)


def _statuses(connection: sa.Connection, rows: Any, now: datetime, lang: Lang) -> list[SubmissionStatus]:
    ids = [row.id for row in rows]
    verdict_of = {
        row.submission_id: row
        for row in connection.execute(
            sa.select(verdicts).where(verdicts.c.submission_id.in_(ids)).order_by(verdicts.c.id.desc())
        )
    }  # the first one wins: the verdict on receipt
    resolution_of = _resolutions(connection, ids, now)
    appeals_of = {
        row.submission_id: row.number
        for row in connection.execute(
            sa.select(appeals.c.submission_id, sa.func.count().label("number"))
            .where(appeals.c.submission_id.in_(ids))
            .group_by(appeals.c.submission_id)
        )
    }
    found = []
    for row in rows:
        status = "in_review" if row.final_at is not None and row.final_at > now else row.status
        final = status in FINAL
        verdict = verdict_of.get(row.id)
        found.append(
            SubmissionStatus(
                row.id,
                row.client_id,
                row.owner_id,
                row.kind,
                row.provider,
                row.purpose,
                status,
                row.received_at,
                row.final_at if final else None,
                appeals_of.get(row.id, 0),
                row.document,
                None if verdict is None else _verdict(verdict, lang),
                resolution_of.get(row.id) if final else None,
            )
        )
    return found


def _resolutions(connection: sa.Connection, ids: list[int], now: datetime) -> dict[int, HumanResolution]:
    """Return the last final decision of people on each submission."""
    found = connection.execute(
        sa.select(resolutions, cases.c.submission_id)
        .join(cases, cases.c.id == resolutions.c.case_id)
        .where(
            cases.c.submission_id.in_(ids),
            cases.c.origin.in_(TO_THE_SUBMITTER),
            resolutions.c.withdrawn_at.is_(None),
            resolutions.c.final_at <= now,
        )
        .order_by(resolutions.c.id)
    )
    return {row.submission_id: HumanResolution(row.at, row.decision, row.message) for row in found}


def _verdict(row: Any, lang: Lang) -> MachineVerdict:
    document = row.document or {"findings": (), "faults": ()}
    reasons = tuple(
        reason_of(finding, lang) for finding in document["findings"] if finding["decision"] != "approve"
    )
    return MachineVerdict(row.at, row.decision, row.as_of, row.revision, not document["faults"], reasons)


def reason_of(finding: Mapping[str, Any], lang: Lang) -> Reason:
    """Return a finding of a stored verdict as its submitter sees it."""
    texts = {**finding, **finding.get("en", {})} if lang == "en" else finding
    title = texts.get("title") or finding["rule"]
    content = finding["category"] is not None
    return Reason(
        finding["rule"],
        finding["decision"],
        finding["field"],
        None if content else finding["start"],
        None if content else finding["end"],
        title,
        title if finding["evidence"] else texts["message"],  # such a message lists the points
        texts["fix"],
        finding["suggestion"],
        finding["clause"],
        finding["code"],
    )
