"""The queue as a page shows it: counts, and rows in the order of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa

from ..accounts.tables import users
from ..accounts.users import User
from ..cursors import cursor_of, id_of, place_of
from ..errors import ForbiddenError
from ..instants import instant
from ..instants import text_of as moment
from ..store import Store
from ..submissions.tables import submissions, verdicts
from ..texts import TEXTS, text_of
from .actions import require_role
from .case import LOCKABLE
from .counting import Counts, count_queue
from .eligibility import visible
from .filters import Filters
from .sla import Level, level
from .tables import cases

EXCERPT: Final = 200
"""Characters of the text in a row."""


Order = Literal["risk", "due", "newest"]
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
"""The orders of the queue; that of claims is `risk`, and then the time that is left."""
_MOST_MARKS: Final = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of a finding in the text of a row, in code points."""

    start: int
    end: int
    decision: str


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list. Of a blind case `decision`, `rules` and `marks` are empty."""

    id: int
    version: int
    state: str
    kind: str
    provider: str
    purpose: str | None
    text: str
    """The beginning of the text; empty once it was deleted."""
    account: str | None
    blind: bool
    decision: str | None
    rules: tuple[str, ...]
    marks: tuple[Mark, ...]
    """The findings in the text, at most 20."""
    risk: int | None
    opened_at: datetime
    due_at: datetime
    level: Level
    cluster: str | None
    similar: int
    """Undecided cases of the cluster, this one included."""
    holder: str | None
    locked_until: datetime | None
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue. `next` is the cursor of the next page, None at the end."""

    counts: Counts
    rows: tuple[Row, ...]
    next: str | None
    at: datetime
    """The time of the service."""


def queue(
    store: Store,
    user: User,
    filters: Filters | None = None,
    cursor: str | None = None,
    limit: int = 50,
    order: Order = "risk",
) -> Queue:
    """Return a page of the queue. Raises ForbiddenError, and RefusedError for a cursor."""
    require_role(user, change=False)
    filters = filters or Filters()
    if filters.state == "escalated" and user.role not in ("lead", "auditor"):
        raise ForbiddenError("案件已提请组长", "escalated cases are for leads")
    at = store.now()
    query = page_query(user, filters, cursor, limit, at, order)
    with store.database.reading() as connection:
        found = connection.execute(query).all()
        rows = tuple(row_of(row, user, at) for row in found[:limit])
        whole = cursor is None and len(found) <= limit and filters.state == "open"
        counts = count_queue(connection, user, filters, at, found if whole else None)
    more = len(found) > limit
    last_row = found[limit - 1] if more else None
    following = _cursor(last_row, order) if last_row else None
    return Queue(counts, rows, following, at)


def page_query(
    user: User, filters: Filters, cursor: str | None, limit: int, at: datetime, order: Order = "risk"
) -> sa.Select[Any]:
    """Return the query for a page of the queue, and one row more. Raises RefusedError for a cursor."""
    query = rows_query(user, at).where(in_state(filters, user, at), *filters.conditions(at))
    if order == "newest":
        if cursor is not None:
            query = query.where(cases.c.id < id_of(cursor))
        return query.order_by(cases.c.id.desc()).limit(limit + 1)
    columns = (
        (cases.c.due_at, cases.c.id) if order == "due" else (cases.c.priority, cases.c.due_at, cases.c.id)
    )
    if cursor is not None:
        *first, due, last = place_of(cursor, (str, int) if order == "due" else (int, str, int))
        place = (*map(sa.literal, first), sa.literal(_moment(due), cases.c.due_at.type), sa.literal(last))
        query = query.where(sa.tuple_(*columns) > sa.tuple_(*place))
    return query.order_by(*columns).limit(limit + 1)


def _cursor(row: Any, order: Order) -> str:
    if order == "newest":
        return cursor_of((row.id,))
    place = (moment(row.due_at), row.id)
    return cursor_of(place if order == "due" else (row.priority, *place))


def _moment(text: int | str) -> datetime:
    try:
        return instant(str(text))
    except ValueError:
        return instant("0001-01-02T00:00:00.000000Z")


def in_state(filters: Filters, user: User, at: datetime) -> sa.ColumnElement[bool]:
    """Return the condition on `cases` for a state of the queue; others' held cases are for leads and auditors."""
    state = cases.c.state == filters.state
    if filters.state == "held":
        mine = sa.true() if user.role in ("lead", "auditor") else cases.c.holder_id == user.id
        return sa.and_(state, mine, visible(user))
    # A hold that is over stays in its row until the next claim.
    return sa.and_(state, visible(user))


def rows_query(user: User, at: datetime, cluster: str | None = None) -> sa.Select[Any]:
    """Return the query for rows of cases; for those of one cluster, the database counts its members once."""
    twin = cases.alias()
    same = cases.c.cluster if cluster is None else cluster
    similar = (
        sa.select(sa.func.count())
        .where(twin.c.cluster == same, twin.c.state != "decided", twin.c.blind.is_(False))
        .correlate(cases)
        .scalar_subquery()
    )
    return (
        sa.select(
            cases,
            submissions.c.document,
            submissions.c.account,
            submissions.c.owner_id,
            verdicts.c.decision,
            verdicts.c.revision,
            verdicts.c.document.label("verdict"),
            users.c.name.label("holder"),
            similar.label("similar"),
        )
        .join(submissions, submissions.c.id == cases.c.submission_id)
        .join(verdicts, verdicts.c.id == cases.c.verdict_id)
        .outerjoin(users, users.c.id == cases.c.holder_id)
    )


def row_of(row: Any, user: User, at: datetime) -> Row:
    """Return a row as a user may see it."""
    findings = (row.verdict or {}).get("findings", ())
    rules = dict.fromkeys(one["rule"] for one in findings if one["decision"] != "approve")
    locked = row.locked_until is not None and row.locked_until > at and row.state in LOCKABLE
    on_hold = row.state == "held"
    return Row(
        id=row.id,
        version=row.version,
        state=row.state,
        kind=row.kind,
        provider=row.provider,
        purpose=row.purpose,
        text=text_of(row.document)[:EXCERPT],
        account=row.account,
        blind=row.blind,
        decision=None if row.blind else row.decision,
        rules=() if row.blind else tuple(rules),
        marks=() if row.blind else _marks(row.document or {}, findings),
        risk=None if row.blind else 100 - row.priority,
        opened_at=row.opened_at,
        due_at=row.due_at,
        level=level(row.opened_at, row.due_at, at),
        cluster=None if row.blind else row.cluster,
        similar=0 if row.blind or row.cluster is None else row.similar,
        holder=row.holder if locked or on_hold else None,
        locked_until=row.locked_until if locked else None,
        held_until=row.held_until if on_hold else None,
    )


def _marks(document: Mapping[str, Any], findings: Iterable[Mapping[str, Any]]) -> tuple[Mark, ...]:
    field = next((name for name in TEXTS if document.get(name) is not None), None)
    found = (
        Mark(start, min(end, EXCERPT), one["decision"])
        for one in findings
        if one.get("field") == field and one.get("start") is not None and one["decision"] != "approve"
        for start, end in one.get("spans") or [(one["start"], one["end"])]
        if start < EXCERPT
    )
    return tuple(islice(found, _MOST_MARKS))
