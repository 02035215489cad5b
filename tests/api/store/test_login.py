"""Logins: the same answer for everything that is wrong, and a growing wait before the password is compared."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, extract_parameters

from smsvet_api.store.accounts import passwords
from smsvet_api.store.accounts.failures import (
    FORGOTTEN,
    FREE_BY_ADDRESS,
    FREE_BY_NAME,
    LONGEST_WAIT,
    ThrottledError,
    network_of,
    wait_after,
)
from smsvet_api.store.accounts.login import WrongLoginError, change_password, log_in
from smsvet_api.store.accounts.sessions import list_sessions, session_of
from smsvet_api.store.accounts.tables import login_failures, users
from smsvet_api.store.accounts.users import add_user, change_user, get_user, issue_password
from smsvet_api.store.errors import RefusedError
from smsvet_api.store.store import Store

from .databases import TestClock
from .trail_reading import recorded, whole_database

pytestmark = pytest.mark.usefixtures("cheap_passwords")

HERE, THERE = "192.0.2.1", "192.0.2.2"
GOOD = "correct horse battery"


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch, cheap_passwords: None) -> list[str]:
    """Return the stored hashes against which passwords were compared, so far."""
    compared: list[str] = []
    hasher = passwords.HASHER

    class Counting:
        memory_cost, time_cost, parallelism = hasher.memory_cost, hasher.time_cost, hasher.parallelism
        salt_len, hash_len = hasher.salt_len, hasher.hash_len

        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

        def verify(self, stored: str, password: str) -> bool:
            compared.append(stored)
            return hasher.verify(stored, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    return compared


def added(store: Store, name: str = "lin") -> tuple[int, str]:
    account, password = add_user(store, name, "reviewer", "command")
    assert password is not None
    return account.id, password


def wrong(store: Store, name: str, address: str = HERE) -> None:
    with pytest.raises(WrongLoginError):
        log_in(store, name, "wrong", address, "test")


def test_every_wrong_login_costs_the_same(store: Store, hashing: list[str]) -> None:
    added(store)
    disabled, right = added(store, "gone")
    change_user(store, disabled, "command", disabled=True)
    add_user(store, "oidc", "reviewer", "command", "sub-1")
    said = set()
    for name, password in (
        ("lin", "wrong"),
        ("nobody", "wrong"),
        ("gone", right),
        ("oidc", ""),
        ("oidc", "x"),
    ):
        before = len(hashing)
        with pytest.raises(WrongLoginError) as caught:
            log_in(store, name, password, HERE, "test")
        said.add((caught.value.say("zh"), caught.value.say("en")))
        assert len(hashing) == before + 1, name
    assert len(said) == 1
    assert len({str(extract_parameters(one)) for one in hashing}) == 1


def test_a_stand_in_for_a_missing_hash_costs_as_much_as_a_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Recording(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - as argon2 names it
            compared.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Recording(time_cost=2, memory_cost=16, parallelism=2))
    real = passwords.hashed("some password")
    assert not passwords.matches(None, "some password")
    assert not passwords.matches(real, "another")
    assert passwords.matches(real, "some password")
    assert {str(extract_parameters(one)) for one in compared} == {str(extract_parameters(real))}


def test_a_login_waits_after_five_failures_of_a_name(
    store: Store, clock: TestClock, hashing: list[str]
) -> None:
    _, right = added(store)
    for _ in range(FREE_BY_NAME):
        wrong(store, "lin")
    compared = len(hashing)
    for name in ("lin", "LIN", " lin "):
        with pytest.raises(ThrottledError) as caught:
            log_in(store, name, right, THERE, "test")
        assert caught.value.seconds == 1
        assert "1 秒" in caught.value.say("zh")
        assert "1 seconds" in caught.value.say("en")
    assert len(hashing) == compared  # the password was not compared
    clock.forward(seconds=1)
    log_in(store, "lin", right, HERE, "test")
    wrong(store, "lin")  # the count began anew
    log_in(store, "lin", right, HERE, "test")


def test_the_wait_grows_and_is_told(store: Store, clock: TestClock) -> None:
    added(store)
    waits = []
    for _ in range(FREE_BY_NAME - 1):
        wrong(store, "lin")
    for _ in range(12):
        wrong(store, "lin")
        with pytest.raises(ThrottledError) as caught:
            log_in(store, "lin", "wrong", HERE, "test")
        waits.append(caught.value.seconds)
        clock.forward(seconds=caught.value.seconds)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert [body for _, _, subject, body in recorded(store, "login.throttled") if subject == "user:lin"] == [
        {"seconds": seconds} for seconds in waits
    ]


def test_asking_during_a_wait_does_not_prolong_it(store: Store, clock: TestClock) -> None:
    _, right = added(store)
    for _ in range(FREE_BY_NAME):
        wrong(store, "lin")
    for _ in range(50):
        with pytest.raises(ThrottledError):
            log_in(store, "lin", "wrong", HERE, "test")
    clock.forward(seconds=1)
    log_in(store, "lin", right, HERE, "test")


def test_an_unknown_name_waits_like_a_known_one(store: Store) -> None:
    added(store)
    for name in ("lin", "nobody"):
        for _ in range(FREE_BY_NAME):
            wrong(store, name)
        with pytest.raises(ThrottledError) as caught:
            log_in(store, name, "wrong", HERE, "test")
        assert caught.value.seconds == 1
    assert "nobody" not in whole_database(store)  # perhaps a password in the wrong field


def test_a_login_waits_after_failures_of_many_names_from_one_address(store: Store, clock: TestClock) -> None:
    _, right = added(store)
    for number in range(FREE_BY_ADDRESS):
        wrong(store, f"name{number}")
    with pytest.raises(ThrottledError):
        log_in(store, "lin", right, HERE, "test")
    log_in(store, "lin", right, THERE, "test")
    clock.forward(seconds=1)
    log_in(store, "lin", right, HERE, "test")


def test_a_success_does_not_reset_the_count_of_an_address(store: Store) -> None:
    _, right = added(store)
    for number in range(FREE_BY_ADDRESS):
        log_in(store, "lin", right, HERE, "test")
        wrong(store, f"name{number}")
    with pytest.raises(ThrottledError):
        wrong(store, "one-more")


def test_an_office_can_log_in_at_the_same_time(store: Store) -> None:
    given = [(f"user{number}", added(store, f"user{number}")[1]) for number in range(15)]
    with ThreadPoolExecutor(8) as threads:
        begun = list(threads.map(lambda pair: log_in(store, pair[0], pair[1], HERE, "test"), given))
    assert len({one.cookie for one in begun}) == 15


def test_attempts_at_the_same_moment_are_all_counted(store: Store, hashing: list[str]) -> None:
    added(store)

    def attempt(_: int) -> str:
        try:
            log_in(store, "lin", "wrong", HERE, "test")
        except (ThrottledError, WrongLoginError) as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(attempt, range(24)))
    assert outcomes.count("WrongLoginError") == FREE_BY_NAME == len(hashing)
    assert outcomes.count("ThrottledError") == 24 - FREE_BY_NAME


def test_failures_are_forgotten(store: Store, clock: TestClock) -> None:
    _, right = added(store)
    for _ in range(FREE_BY_NAME):
        wrong(store, "lin")
    clock.forward(seconds=FORGOTTEN.total_seconds())
    for _ in range(FREE_BY_NAME - 1):
        wrong(store, "lin")
    log_in(store, "lin", right, HERE, "test")
    clock.forward(seconds=FORGOTTEN.total_seconds())
    log_in(store, "lin", right, THERE, "test")
    clock.forward(seconds=FORGOTTEN.total_seconds())
    log_in(store, "lin", right, THERE, "test")
    with store.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(login_failures)).scalar() == 1


def test_a_new_password_ends_the_wait(store: Store) -> None:
    account, _ = added(store)
    for _ in range(FREE_BY_NAME):
        wrong(store, "lin")
    log_in(store, "lin", issue_password(store, account, "command"), HERE, "test")


def test_a_clock_that_is_set_back_blocks_nobody_for_long(store: Store, clock: TestClock) -> None:
    _, right = added(store)
    for _ in range(FREE_BY_NAME):
        wrong(store, "lin")
    clock.forward(days=-30)
    log_in(store, "lin", right, HERE, "test")


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (13, 256), (14, 300), (10_000, 300)]
)
def test_the_wait_after_failures(failures: int, seconds: int) -> None:
    assert wait_after(failures, FREE_BY_NAME) == seconds <= LONGEST_WAIT.total_seconds()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1%eth0", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_password_is_changed_once(store: Store) -> None:
    account, once = added(store)
    first, other = (log_in(store, "lin", once, HERE, "test") for _ in range(2))
    new = change_password(store, first.session, once, GOOD)
    assert not new.session.must_change
    assert not get_user(store, account).must_change
    assert [one.id for one in list_sessions(store, account)] == [new.session.id]
    assert session_of(store, first.cookie) is None
    assert session_of(store, other.cookie) is None
    assert new.session.csrf != first.session.csrf
    wrong(store, "lin", THERE)
    assert not log_in(store, "lin", GOOD, HERE, "test").session.must_change
    assert recorded(store, "password.changed") == [("password.changed", "user:lin", "user:lin", {})]
    stored = whole_database(store)
    assert GOOD not in stored
    assert once not in stored
    assert new.cookie not in stored


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("short", "at least 12"),
        ("x" * 257, "at most 256"),
        ("abababababababab", "4 different"),
        ("Zhang-Lin-2026!", "user name"),
        ("一二三四五六七八九十十", "at least 12"),
    ],
)
def test_a_weak_password_is_refused(store: Store, new: str, why: str) -> None:
    _, once = added(store, "zhang-lin")
    session = log_in(store, "zhang-lin", once, HERE, "test").session
    with pytest.raises(RefusedError, match=why) as caught:
        change_password(store, session, once, new)
    assert caught.value.field == "new"


def test_a_change_needs_the_old_password_and_is_throttled(store: Store) -> None:
    _, once = added(store)
    session = log_in(store, "lin", once, HERE, "test").session
    for _ in range(FREE_BY_NAME):
        with pytest.raises(RefusedError) as caught:
            change_password(store, session, "wrong", GOOD)
        assert caught.value.field == "old"
    with pytest.raises(ThrottledError):
        change_password(store, session, once, GOOD)


def test_the_one_time_password_cannot_be_kept(store: Store) -> None:
    _, once = added(store)
    session = log_in(store, "lin", once, HERE, "test").session
    with pytest.raises(RefusedError, match="the old one"):
        change_password(store, session, once, once)


def test_a_password_is_the_same_however_it_is_composed(store: Store) -> None:
    _, once = added(store)
    change_password(store, log_in(store, "lin", once, HERE, "test").session, once, "Gut-Gemüsebrühe")
    log_in(store, "lin", "Gut-Gemu\u0308sebru\u0308he", HERE, "test")


def test_a_hash_of_older_parameters_is_renewed_at_login(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, once = added(store)
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    for _ in range(2):
        log_in(store, "lin", once, HERE, "test")
    with store.database.reading() as connection:
        stored = connection.execute(sa.select(users.c.password).where(users.c.id == account)).scalar_one()
    assert (extract_parameters(stored).time_cost, extract_parameters(stored).memory_cost) == (2, 16)


def during_the_comparison(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen between the comparison of a password and the beginning of the session."""
    usual = passwords.matches

    def slow(stored: str | None, password: str) -> bool:
        right = usual(stored, password)
        act()
        return right

    monkeypatch.setattr("smsvet_api.store.accounts.login.matches", slow)


def test_a_user_who_is_disabled_meanwhile_gets_no_session(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, once = added(store)
    during_the_comparison(monkeypatch, lambda: change_user(store, account, "command", disabled=True))
    with pytest.raises(WrongLoginError):
        log_in(store, "lin", once, HERE, "test")


def test_a_password_that_is_replaced_meanwhile_gives_no_session(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, once = added(store)
    during_the_comparison(monkeypatch, lambda: issue_password(store, account, "command"))
    with pytest.raises(WrongLoginError):
        log_in(store, "lin", once, HERE, "test")


def test_one_time_passwords_are_strong_and_easy_to_type() -> None:
    given = {passwords.one_time_password() for _ in range(200)}
    assert len(given) == 200
    for password in given:
        assert len(password) == 23
        assert not set(password) & set("0O1lI")
        passwords.check_new(password, "lin")


def test_the_defaults_of_argon2_are_used() -> None:
    parameters = extract_parameters(PasswordHasher().hash("x"))
    assert (parameters.type.name, parameters.memory_cost >= 64 * 1024, parameters.time_cost >= 3) == (
        "ID", True, True,
    )  # fmt: skip
