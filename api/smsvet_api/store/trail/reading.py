"""Reads events of the trail, the newest first, by actor, kind, subject and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from ..instants import text_of
from ..store import Store
from .tables import events

SEARCHED: Final = 50_000
"""Events that one search by actor looks at: no index has actors, and a trail may have millions of events."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Selects events. `kind` is a kind or its noun, such as `case`; `since` is included, `until` is not."""

    actor: str | None = None
    kind: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is hashed. `body` is canonical JSON."""

    seq: int
    at: str
    actor: str
    kind: str
    subject: str
    body: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, the newest first. The next page begins below `following`, which is None at the end.

    `searched_to` is the lowest number that was looked at where the search by actor ended before it filled the page.
    """

    events: list[Event]
    following: int | None
    searched_to: int | None = None


def list_events(store: Store, chosen: EventFilter, before: int | None = None, limit: int = 50) -> EventPage:
    """Return a page of events with numbers below `before`. Raises StoreDownError."""
    with store.database.reading() as connection:
        low, high = _bounds(connection, chosen)
        high = high if before is None else min(high, before)
        by_actor = chosen.actor is not None and chosen.subject is None
        bottom = max(low, high - SEARCHED) if by_actor else low
        rows = connection.execute(
            sa.select(events)
            .where(events.c.seq >= bottom, events.c.seq < high, *_conditions(chosen))
            .order_by(events.c.seq.desc())
            .limit(limit + 1)
        ).all()
    found = [Event(*row) for row in rows[:limit]]
    if len(rows) > limit:
        return EventPage(found, found[-1].seq)
    if bottom > low:
        return EventPage(found, bottom, bottom)
    return EventPage(found, None)


def _conditions(chosen: EventFilter) -> list[sa.ColumnElement[bool]]:
    conditions = []
    if chosen.actor is not None:
        conditions.append(events.c.actor == chosen.actor)
    if chosen.subject is not None:
        conditions.append(events.c.subject == chosen.subject)
    if chosen.kind is not None:
        # "/" follows "." in ASCII, so that the range has all kinds of a noun, and the index serves it.
        noun = sa.and_(events.c.kind > f"{chosen.kind}.", events.c.kind < f"{chosen.kind}/")
        conditions.append(events.c.kind == chosen.kind if "." in chosen.kind else noun)
    return conditions


def _bounds(connection: sa.Connection, chosen: EventFilter) -> tuple[int, int]:
    """Return the numbers between which events of the time are: the first, and the one behind the last."""
    last = connection.execute(sa.select(sa.func.max(events.c.seq))).scalar() or 0
    low = 1 if chosen.since is None else _first_from(connection, text_of(chosen.since), last)
    high = last + 1 if chosen.until is None else _first_from(connection, text_of(chosen.until), last)
    return low, high


def _first_from(connection: sa.Connection, at: str, last: int) -> int:
    """Return the number of the first event at a moment or later, by halves: numbers ascend in the order of time."""
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        row: Any = connection.execute(
            sa.select(events.c.seq, events.c.at).where(events.c.seq >= middle).order_by(events.c.seq).limit(1)
        ).one_or_none()
        if row is None or row.at >= at:
            high = middle
        else:
            low = row.seq + 1
    return low
