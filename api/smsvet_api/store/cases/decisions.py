"""The list of decisions: one's own for reviewers, all of them for leads and auditors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..cursors import cursor_of_id, id_of
from ..paging import newest_rows
from ..store import Store
from ..submissions.tables import submissions, verdict_rules
from ..texts import text_of
from .actions import require_role
from .case import PRIVATE
from .choice import Decision, Overturn
from .listing import EXCERPT
from .tables import cases, resolutions


@dataclass(frozen=True, slots=True)
class DecisionFilters:
    """Narrows the list of decisions; None leaves a criterion out."""

    user: str | None = None
    """Name of the reviewer."""
    decision: Decision | None = None
    overturn: Overturn | None = None
    overturned: bool | None = None
    """Whether the machine's finding was not followed, for any reason."""
    rule: str | None = None
    """A rule that found something, whether or not it is a reason of the decision."""
    kind: str | None = None
    provider: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    bulk_id: str | None = None
    case_id: int | None = None
    withdrawn: bool | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on `resolutions`, `cases` and `users`."""
        columns: dict[Any, Any] = {
            users.c.name: self.user,
            resolutions.c.decision: self.decision,
            resolutions.c.overturn: self.overturn,
            cases.c.kind: self.kind,
            cases.c.provider: self.provider,
            resolutions.c.bulk_id: self.bulk_id,
            resolutions.c.case_id: self.case_id,
        }
        found = [column == value for column, value in columns.items() if value is not None]
        if self.since is not None:
            found.append(resolutions.c.at >= self.since)
        if self.until is not None:
            found.append(resolutions.c.at < self.until)
        if self.withdrawn is not None:
            state = resolutions.c.withdrawn_at
            found.append(state.is_not(None) if self.withdrawn else state.is_(None))
        if self.overturned is not None:
            why = resolutions.c.overturn
            found.append(why.is_not(None) if self.overturned else why.is_(None))
        if self.rule is not None:
            found.append(
                sa.exists()
                .where(verdict_rules.c.verdict_id == cases.c.verdict_id, verdict_rules.c.rule == self.rule)
                .correlate(cases)
            )
        return found


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A decision in the list."""

    id: int
    case_id: int
    origin: str
    kind: str
    provider: str
    text: str
    """The beginning of the text; empty once it was deleted."""
    user: str
    decision: str
    reasons: tuple[str, ...]
    overturn: str | None
    note: str
    message: str
    at: datetime
    final_at: datetime
    withdrawn_at: datetime | None
    bulk_id: str | None


@dataclass(frozen=True, slots=True)
class Decisions:
    """A page of decisions, the newest first. `next` is the cursor of the next page, None at the end."""

    rows: tuple[PastDecision, ...]
    next: str | None


def list_decisions(
    store: Store,
    user: User,
    filters: DecisionFilters | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Decisions:
    """Return a page of decisions. Raises ForbiddenError, and RefusedError for a cursor."""
    require_role(user, change=False)
    filters = filters or DecisionFilters()
    query = (
        sa.select(
            resolutions,
            cases.c.origin,
            cases.c.kind,
            cases.c.provider,
            submissions.c.document,
            users.c.name.label("user"),
        )
        .join(cases, cases.c.id == resolutions.c.case_id)
        .join(submissions, submissions.c.id == cases.c.submission_id)
        .join(users, users.c.id == resolutions.c.user_id)
        .where(*filters.conditions())
    )
    if user.role == "reviewer":
        query = query.where(resolutions.c.user_id == user.id)
        if filters.rule is not None:  # a blind case hides its verdict from the reviewer
            query = query.where(cases.c.blind.is_(False))
    before = None if cursor is None else id_of(cursor)
    with store.database.reading() as connection:
        rows, following = newest_rows(connection, query, resolutions.c.id, before, limit)
    return Decisions(tuple(_row(row, user) for row in rows), cursor_of_id(following))


def _row(row: Any, user: User) -> PastDecision:
    hidden = user.role == "reviewer" and row.origin in PRIVATE
    return PastDecision(
        id=row.id,
        case_id=row.case_id,
        origin="verdict" if hidden else row.origin,
        kind=row.kind,
        provider=row.provider,
        text=text_of(row.document)[:EXCERPT],
        user=row.user,
        decision=row.decision,
        reasons=tuple(row.reasons),
        overturn=row.overturn,
        note=row.note,
        message=row.message,
        at=row.at,
        final_at=row.final_at,
        withdrawn_at=row.withdrawn_at,
        bulk_id=row.bulk_id,
    )
