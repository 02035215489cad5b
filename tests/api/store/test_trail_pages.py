"""Events of the trail by pages and filters, and the verification that the pages show."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from .databases import TestClock

if TYPE_CHECKING:
    from smsvet_api.store.store import Store

KINDS = ("case.decided", "case.opened", "caseload.counted", "user.added")


@pytest.fixture
def filled(store: Store, clock: TestClock) -> Store:
    """Twenty events, one an hour: four kinds by two actors in turn, about five subjects."""
    from smsvet_api.store.trail.events import append

    for number in range(20):
        with store.database.transaction() as connection:
            actor = f"user:{'lin' if number % 2 else 'mo'}"
            append(connection, clock(), actor, KINDS[number % 4], f"case:{number % 5}", {"number": number})
        clock.forward(hours=1)
    return store


def seqs(store: Store, before: int | None = None, limit: int = 50, **chosen: object) -> list[int]:
    from smsvet_api.store.trail.reading import EventFilter, list_events

    page = list_events(store, EventFilter(**chosen), before, limit)  # type: ignore[arg-type]
    return [event.seq for event in page.events]


def test_events_come_newest_first_by_pages_without_gaps(filled: Store) -> None:
    from smsvet_api.store.trail.reading import EventFilter, list_events

    found: list[int] = []
    before = None
    while True:
        page = list_events(filled, EventFilter(), before, 7)
        found += [event.seq for event in page.events]
        if page.following is None:
            break
        before = page.following
    assert found == list(range(20, 0, -1))


def test_filters_select_by_actor_kind_noun_subject_and_time(filled: Store, clock: TestClock) -> None:
    begin = clock() - timedelta(hours=20)
    assert seqs(filled, actor="user:lin") == list(range(20, 0, -2))
    assert seqs(filled, kind="case.opened") == [18, 14, 10, 6, 2]
    assert seqs(filled, kind="case") == [18, 17, 14, 13, 10, 9, 6, 5, 2, 1]  # not those of `caseload`
    assert seqs(filled, subject="case:3") == [19, 14, 9, 4]
    assert seqs(filled, actor="user:lin", kind="user.added", subject="case:3") == [4]
    assert seqs(filled, since=begin + timedelta(hours=15)) == [20, 19, 18, 17, 16]
    assert seqs(filled, since=begin + timedelta(hours=2), until=begin + timedelta(hours=4)) == [4, 3]
    assert seqs(filled, until=begin) == []
    assert seqs(filled, since=clock()) == []
    assert seqs(filled, actor="' or 1=1 --") == []


def test_a_search_by_actor_is_bounded_and_says_how_far_it_came(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smsvet_api.store.trail import reading

    monkeypatch.setattr(reading, "SEARCHED", 6)
    chosen = reading.EventFilter(actor="user:nobody")
    page = reading.list_events(filled, chosen)
    assert (page.events, page.following, page.searched_to) == ([], 15, 15)
    found = [page]
    while found[-1].following is not None:
        found.append(reading.list_events(filled, chosen, found[-1].following))
    assert len(found) == 4
    assert found[-1].searched_to is None


def test_the_last_verification_is_kept_with_its_damage(filled: Store) -> None:
    import sqlalchemy as sa

    from smsvet_api.store.trail.last_verification import last_verification, verify_and_keep
    from smsvet_api.store.trail.tables import events

    assert last_verification(filled) is None
    verify_and_keep(filled, "user:audit", [])
    kept = last_verification(filled)
    assert kept is not None
    assert (kept.events, kept.complete, kept.damage, kept.by) == (20, True, None, "user:audit")
    with filled.database.transaction() as connection:
        connection.execute(sa.update(events).where(events.c.seq == 9).values(actor="user:eve"))
    verify_and_keep(filled, "user:audit", [])
    kept = last_verification(filled)
    assert kept is not None
    assert kept.events == 8
    assert kept.say_damage("en") == "event 9 was edited"


def test_a_verification_that_runs_out_of_time_says_so(filled: Store) -> None:
    from smsvet_api.store.trail.verifying import verify

    found = verify(filled, seconds=-1)
    assert (found.complete, found.events, found.damage) == (False, 0, None)
    assert verify(filled, seconds=60).complete
