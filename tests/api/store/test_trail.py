"""The trail: a chain of events, gapless also when many write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from smsvet_api.store.store import Store
from smsvet_api.store.trail.events import ROOT, append, event_hash
from smsvet_api.store.trail.tables import events


def add(store: Store, number: int) -> int:
    with store.database.transaction() as connection:
        return append(connection, store.now(), "system", "test.added", f"test:{number}", {"number": number})


def test_each_event_continues_the_one_before(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda number: add(store, number), range(40)))
    with store.database.reading() as connection:
        rows = connection.execute(sa.select(events).order_by(events.c.seq)).all()
    assert sorted(given) == [row.seq for row in rows] == list(range(1, 41))
    prev = ROOT
    for row in rows:
        assert row.prev == prev
        assert row.hash == event_hash(row.seq, row.at, row.actor, row.kind, row.subject, row.body, prev)
        prev = row.hash


def test_an_event_that_is_rolled_back_leaves_no_gap(store: Store) -> None:
    add(store, 1)
    with store.database.engine.connect() as connection, connection.begin() as transaction:
        append(connection, store.now(), "system", "test.added", "test:2")
        transaction.rollback()
    assert add(store, 3) == 2


def test_a_float_is_refused(store: Store) -> None:
    with pytest.raises(TypeError), store.database.transaction() as connection:
        append(connection, store.now(), "system", "test.added", "test:1", {"risk": 0.1})
