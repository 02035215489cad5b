"""Opens cases for rows of a report: each row becomes a submission of the house, with the machine's verdict of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from ..accounts.failures import insert_or_ignore
from ..accounts.house_users import house_user
from ..accounts.tables import users
from ..accounts.users import User
from ..cases.actions import require_opening
from ..cases.opening import open_case
from ..cases.sla import due_at
from ..store import Store
from ..trail.events import append
from .drafts import Draft
from .submitting import insert_verdict, row_of_draft
from .tables import submissions

OWNER: Final = "smsvet-reports"
"""The disabled user who owns the submissions."""
ORIGIN: Final = "report"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of a report that was judged. `client_id` is the same whenever the row is opened, so it is opened once."""

    client_id: str
    draft: Draft
    verdict: Mapping[str, Any]
    cluster: str | None


def opened_ids(store: Store, report: str) -> frozenset[str]:
    """Return the client ids of a report's rows that were opened. They begin with the report's id and `-`."""
    query = (
        sa.select(submissions.c.client_id)
        .join(users, users.c.id == submissions.c.owner_id)
        # "." follows "-" in ASCII: the range has all ids of the report, and the index serves it.
        .where(
            users.c.name == OWNER,
            submissions.c.client_id > f"{report}-",
            submissions.c.client_id < f"{report}.",
        )
    )
    with store.database.reading() as connection:
        return frozenset(connection.execute(query).scalars())


def open_rows(store: Store, user: User, report: str, rows: Sequence[ReportRow]) -> int:
    """Open a case for each row that has none, in one transaction, and return their number.

    Raises ForbiddenError unless the user is a lead.
    """
    require_opening(user)
    at = store.now()
    with store.database.transaction() as connection:
        owner = house_user(connection, at, OWNER)
        # In one order, so that two leads who open the same rows do not wait for each other.
        ordered = sorted(rows, key=lambda row: row.client_id)
        return sum(_open(connection, at, user, owner, report, row) for row in ordered)


def _open(
    connection: sa.Connection, at: datetime, user: User, owner: int, report: str, row: ReportRow
) -> bool:
    """Open a case for a row, and return whether it had none."""
    submission = connection.execute(
        insert_or_ignore(connection, submissions)
        .values(row_of_draft(row.draft, owner, row.client_id, at, "in_review"))
        .returning(submissions)
    ).one_or_none()
    if submission is None:
        return False
    verdict = {**row.verdict, "id": row.client_id}
    verdict_id = insert_verdict(connection, submission, verdict, at)
    case_id = open_case(
        connection,
        submission,
        verdict_id,
        verdict,
        at,
        due_at(connection, at),
        origin=ORIGIN,
        cluster=row.cluster,
    )
    body = {
        "report": report,
        "submission": submission.id,
        "digest": submission.text_digest,
        "verdict": verdict_id,
        "decision": verdict["decision"],
        "as_of": verdict["as_of"],
        "revision": verdict["revision"],
        "rules": sorted({finding["rule"] for finding in verdict["findings"]}),
    }
    append(connection, at, user.actor, "case.opened", f"case:{case_id}", body)
    return True
