"""Sessions: idle and absolute end, the list, and what ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from smsvet_api.store.accounts.login import log_in
from smsvet_api.store.accounts.preferences import keep_preference
from smsvet_api.store.accounts.sessions import (
    IDLE,
    LONGEST,
    SEEN_EVERY,
    NewSession,
    end_other_sessions,
    end_session,
    list_sessions,
    session_of,
)
from smsvet_api.store.accounts.tables import sessions
from smsvet_api.store.accounts.users import add_user, get_user
from smsvet_api.store.errors import NotFoundError
from smsvet_api.store.store import Store

from .databases import TestClock
from .trail_reading import recorded, whole_database

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def password(store: Store) -> str:
    _, password = add_user(store, "lin", "reviewer", "command")
    assert password is not None
    return password


def begin(store: Store, password: str, name: str = "lin", agent: str = "Firefox") -> NewSession:
    return log_in(store, name, password, "192.0.2.1", agent)


def test_a_session_belongs_to_its_cookie(store: Store, password: str) -> None:
    new = begin(store, password)
    found = session_of(store, new.cookie)
    assert found is not None
    assert found == new.session
    assert (found.user.name, found.user.key_prefix, found.user.actor) == ("lin", None, "user:lin")
    assert found.expires_at - found.created_at == LONGEST
    assert len(new.cookie) >= 43  # 256 bits
    for other in ("", "x", new.cookie[:-1], new.cookie + "x", new.session.csrf, "\ud800"):
        assert session_of(store, other) is None
    assert new.cookie not in whole_database(store)
    assert recorded(store, "session.started") == [
        ("session.started", "user:lin", "user:lin", {"session": new.session.id})
    ]


def test_each_login_has_a_new_id_and_token(store: Store, password: str) -> None:
    begun = [begin(store, password) for _ in range(4)]
    assert len({one.cookie for one in begun}) == len({one.session.csrf for one in begun}) == 4


def test_a_session_ends_without_a_request_for_half_an_hour(
    store: Store, clock: TestClock, password: str
) -> None:
    new = begin(store, password)
    for _ in range(4):
        clock.forward(seconds=IDLE.total_seconds() - 1)
        assert session_of(store, new.cookie) is not None
    clock.forward(seconds=IDLE.total_seconds())
    assert session_of(store, new.cookie) is None
    assert list_sessions(store, new.session.user.id) == []


def test_a_session_ends_after_twelve_hours_however_busy(
    store: Store, clock: TestClock, password: str
) -> None:
    new = begin(store, password)
    for _ in range(12 * 4 - 1):
        clock.forward(minutes=15)
        assert session_of(store, new.cookie) is not None
    clock.forward(minutes=15)
    assert session_of(store, new.cookie) is None


def test_being_seen_is_written_once_a_minute(store: Store, clock: TestClock, password: str) -> None:
    new = begin(store, password)
    begun = store.now()
    clock.forward(seconds=SEEN_EVERY.total_seconds() - 1)
    session_of(store, new.cookie)
    assert get_user(store, new.session.user.id).seen_at == begun
    clock.forward(seconds=1)
    session_of(store, new.cookie)
    assert get_user(store, new.session.user.id).seen_at == begun + SEEN_EVERY
    assert [one.seen_at for one in list_sessions(store, new.session.user.id)] == [begun + SEEN_EVERY]


def test_a_clock_that_is_set_back_ends_no_session(store: Store, clock: TestClock, password: str) -> None:
    new = begin(store, password)
    clock.forward(hours=-3)
    assert session_of(store, new.cookie) is not None


def test_sessions_are_listed_and_ended_one_by_one(store: Store, password: str) -> None:
    first, second, third = (begin(store, password, agent=f"browser {number}") for number in range(3))
    user = first.session.user
    assert [one.agent for one in list_sessions(store, user.id)] == ["browser 2", "browser 1", "browser 0"]
    end_session(store, second.session.id, user)
    assert session_of(store, second.cookie) is None
    with pytest.raises(NotFoundError):
        end_session(store, second.session.id, user)
    assert end_other_sessions(store, third.session) == 1
    assert end_other_sessions(store, third.session) == 0
    assert [one.id for one in list_sessions(store, user.id)] == [third.session.id]
    assert [body for _, _, _, body in recorded(store, "session.ended")] == [
        {"session": second.session.id},
        {"others": 1},
    ]


def test_nobody_ends_another_user_s_session(store: Store, password: str) -> None:
    mine = begin(store, password)
    _, given = add_user(store, "wang", "admin", "command")
    assert given is not None
    theirs = begin(store, given, "wang")
    with pytest.raises(NotFoundError):
        end_session(store, theirs.session.id, mine.session.user)
    end_other_sessions(store, mine.session)
    assert session_of(store, theirs.cookie) is not None


def test_a_long_or_odd_browser_name_is_shortened(store: Store, password: str) -> None:
    assert begin(store, password, agent="x" * 500).session.agent == "x" * 200
    assert begin(store, password, agent="a\0b\ud800").session.agent == "ab?"


def test_sessions_that_ran_out_are_deleted_at_the_next_login(
    store: Store, clock: TestClock, password: str
) -> None:
    for _ in range(3):
        begin(store, password)
    clock.forward(seconds=(IDLE + timedelta(seconds=1)).total_seconds())
    begin(store, password)
    with store.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(sessions)).scalar() == 1


def test_preferences_belong_to_the_user_and_not_to_one_browser(store: Store, password: str) -> None:
    first = begin(store, password)
    assert first.session.preferences == {}
    keep_preference(store, first.session.user, "shortcuts", False)
    keep_preference(store, first.session.user, "theme", "dark")
    expected = {"shortcuts": False, "theme": "dark"}
    assert begin(store, password, agent="Chromium").session.preferences == expected
    found = session_of(store, first.cookie)
    assert found is not None
    assert found.preferences == expected
