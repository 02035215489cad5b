"""Puts a golden item into the queue as a copy, with an id and times of its own, that nothing tells from other cases."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ..accounts.house_users import house_user
from ..accounts.users import User
from ..cases.opening import open_case
from ..cases.tables import cases
from ..submissions.tables import submissions, verdicts
from .eligibility import has_reviewer
from .tables import golden_items, samples

OWNER: Final = "smsvet-quality"
"""The disabled user who owns the copies. No submitter's lists, status or webhooks have them."""
_CHINA: Final = ZoneInfo("Asia/Shanghai")
_TRIED: Final = 20


def show_golden(
    connection: sa.Connection, at: datetime, case_row: Any, user: User, time: timedelta
) -> int | None:
    """Put a copy of a golden item into the queue; return the id of its case, None if no item fits.

    It is one of the kind and provider of `case_row`, so that it meets the same filters, the least recently shown first;
    one that is still waiting is not shown twice. `time` is the time within which it is due.
    """
    for item in _candidates(connection, case_row):
        opened = _copy(connection, at, item, time)
        connection.execute(
            samples.insert().values(case_id=opened, kind="golden", golden_id=item.golden_id, created_at=at)
        )
        if has_reviewer(connection, opened, besides=0):
            return opened
        _remove(connection, opened)
    return None


def _candidates(connection: sa.Connection, case_row: Any) -> list[Any]:
    shown = (
        sa.select(
            samples.c.golden_id,
            sa.func.max(samples.c.id).label("last"),
            sa.func.sum(sa.case((samples.c.outcome.is_(None), 1), else_=0)).label("waiting"),
        )
        .where(samples.c.kind == "golden")
        .group_by(samples.c.golden_id)
        .subquery()
    )
    found = (
        sa.select(
            golden_items.c.id.label("golden_id"), cases.c.submission_id, cases.c.verdict_id, cases.c.cluster
        )
        .join(cases, cases.c.id == golden_items.c.case_id)
        .join(submissions, submissions.c.id == cases.c.submission_id)
        .outerjoin(shown, shown.c.golden_id == golden_items.c.id)
        .where(
            golden_items.c.retired_at.is_(None),
            submissions.c.document.is_not(None),
            cases.c.kind == case_row.kind,
            cases.c.provider == case_row.provider,
            sa.func.coalesce(shown.c.waiting, 0) == 0,
        )
        .order_by(sa.func.coalesce(shown.c.last, 0), golden_items.c.id)
        .limit(_TRIED)
    )
    return list(connection.execute(found).all())


def _copy(connection: sa.Connection, at: datetime, item: Any, time: timedelta) -> int:
    original = connection.execute(sa.select(submissions).where(submissions.c.id == item.submission_id)).one()
    verdict = connection.execute(sa.select(verdicts).where(verdicts.c.id == item.verdict_id)).one()
    revision = connection.execute(
        sa.select(verdicts.c.revision).order_by(verdicts.c.id.desc()).limit(1)
    ).scalar_one()
    as_of, client_id = at.astimezone(_CHINA).date().isoformat(), secrets.token_hex(16)
    values = {name: value for name, value in original._mapping.items() if name != "id"}
    values |= {
        "owner_id": house_user(connection, at, OWNER),
        "client_id": client_id,
        "received_at": at,
        "document": original.document | {"id": client_id},
        "status": "in_review",
        "final_at": None,
    }
    copied = connection.execute(submissions.insert().values(values).returning(submissions.c.id)).scalar_one()
    # Times and revision are those of an ordinary case: old ones would tell it from the others.
    document = verdict.document | {"id": client_id, "as_of": as_of, "revision": revision}
    verdict_id = connection.execute(
        verdicts.insert()
        .values(
            submission_id=copied,
            at=at,
            decision=verdict.decision,
            as_of=as_of,
            revision=revision,
            document=document,
        )
        .returning(verdicts.c.id)
    ).scalar_one()
    submission = connection.execute(sa.select(submissions).where(submissions.c.id == copied)).one()
    return open_case(
        connection, submission, verdict_id, document, at, at + time, origin="golden", cluster=item.cluster
    )


def _remove(connection: sa.Connection, case_id: int) -> None:
    case = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one()
    connection.execute(samples.delete().where(samples.c.case_id == case_id))
    connection.execute(cases.delete().where(cases.c.id == case_id))
    connection.execute(verdicts.delete().where(verdicts.c.id == case.verdict_id))
    connection.execute(submissions.delete().where(submissions.c.id == case.submission_id))
