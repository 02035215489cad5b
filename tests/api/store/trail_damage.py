"""Damages a trail, as somebody with the database's password could."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from smsvet_api.store.store import Store
from smsvet_api.store.trail.events import ROOT, append, event_hash
from smsvet_api.store.trail.tables import events, trail_head

HASHED = ("at", "actor", "kind", "subject", "body", "prev")


def fill(store: Store, number: int) -> None:
    """Append events about cases."""
    with store.database.transaction() as connection:
        for one in range(1, number + 1):
            append(connection, store.now(), "user:lin", "case.decided", f"case:{one}", {"version": one})


def rows(store: Store) -> list[dict[str, Any]]:
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(sa.select(events).order_by(events.c.seq)).mappings()]


def change(store: Store, seq: int, **values: Any) -> None:
    with store.database.transaction() as connection:
        connection.execute(events.update().where(events.c.seq == seq).values(**values))


def swap(store: Store, first: int, second: int) -> None:
    """Exchange the numbers of two events."""
    with store.database.transaction() as connection:
        for old, new in ((first, -1), (second, first), (-1, second)):
            connection.execute(events.update().where(events.c.seq == old).values(seq=new))


def remove(store: Store, first: int, last: int) -> None:
    with store.database.transaction() as connection:
        connection.execute(events.delete().where(events.c.seq.between(first, last)))


def renumber(store: Store, first: int, by: int) -> None:
    """Move the numbers from one on up or down."""
    with store.database.transaction() as connection:
        numbers = connection.execute(sa.select(events.c.seq).where(events.c.seq >= first)).scalars().all()
        for seq in sorted(numbers, reverse=by > 0):
            connection.execute(events.update().where(events.c.seq == seq).values(seq=seq + by))


def take_out(store: Store, seq: int) -> None:
    """Remove an event and close the gap in the numbers."""
    remove(store, seq, seq)
    renumber(store, seq + 1, -1)


def add(store: Store, seq: int, prev: str, **values: Any) -> None:
    """Insert an event with a hash of its own that fits its content."""
    row = {
        "at": "2026-11-28T09:30:00.000000Z",
        "actor": "user:mo",
        "kind": "case.decided",
        "subject": "case:9",
    }
    row |= {"body": "{}", "prev": prev, **values}
    with store.database.transaction() as connection:
        connection.execute(events.insert().values(seq=seq, **row, hash=event_hash(seq, *_parts(row))))


def set_head(store: Store, seq: int, digest: str) -> None:
    with store.database.transaction() as connection:
        connection.execute(trail_head.update().values(seq=seq, hash=digest))


def rewrite(store: Store, seq: int, head: bool = True, **values: Any) -> None:
    """Change an event and compute all hashes from there on anew, as a forger would."""
    prev = ROOT
    with store.database.transaction() as connection:
        for row in connection.execute(sa.select(events).order_by(events.c.seq)).mappings().all():
            new = {**row, **(values if row["seq"] == seq else {}), "prev": prev}
            prev = event_hash(row["seq"], *_parts(new)) if row["seq"] >= seq else row["hash"]
            connection.execute(
                events.update().where(events.c.seq == row["seq"]).values({**new, "hash": prev})
            )
        if head:
            connection.execute(trail_head.update().values(hash=prev))


def _parts(row: Any) -> tuple[str, ...]:
    return tuple(row[name] for name in HASHED)
