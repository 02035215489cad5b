"""API keys: scopes within the role, expiry, revocation, and the time of use."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smsvet_api.store.accounts.keys import (
    USED_EVERY,
    add_key,
    find_key,
    list_keys,
    prefix_of,
    revoke_key,
    user_of_key,
)
from smsvet_api.store.accounts.roles import Scope
from smsvet_api.store.accounts.users import add_user, change_user
from smsvet_api.store.errors import NotFoundError, RefusedError
from smsvet_api.store.store import Store

from .databases import TestClock
from .trail_reading import recorded, whole_database


@pytest.fixture
def lead(store: Store) -> int:
    return add_user(store, "lin", "lead", "command", "sub-1")[0].id


def test_a_key_stands_for_its_user(store: Store, lead: int) -> None:
    key = add_key(store, lead, " shop ", ["export", "review", "review"], "user:root")
    user = user_of_key(store, key)
    prefix = prefix_of(key)
    assert user is not None
    assert (user.name, user.role) == ("lin", "lead")
    assert set(user.scopes) == {"review", "export"}
    assert (user.key_prefix, user.actor) == (prefix, f"key:{prefix}")
    (listed,) = list_keys(store)
    assert (listed.name, listed.user_name, listed.scopes) == ("shop", "lin", ("export", "review"))
    assert recorded(store, "key.added") == [
        ("key.added", "user:root", f"key:{prefix}", {"user": "lin", "scopes": ["export", "review"]})
    ]
    secret = key.removeprefix(f"smsvet_{prefix}_")
    assert len(secret) >= 43  # 256 bits
    assert secret not in whole_database(store)


@pytest.mark.parametrize("damage", ["cut", "longer", "other", "scheme", "empty", "text", "nul", "surrogate"])
def test_what_is_not_the_key_is_nobody(store: Store, lead: int, damage: str) -> None:
    key = add_key(store, lead, "shop", ["review"], "command")
    changed = {
        "cut": key[:-1],
        "longer": key + "x",
        "other": key.rpartition("_")[0] + "_" + "x" * 43,
        "scheme": key.replace("smsvet_", "other_"),
        "empty": "",
        "text": "smsvet_",
        "nul": "smsvet_\0_x",
        "surrogate": key + "\ud800",
    }[damage]
    assert user_of_key(store, changed) is None


@pytest.mark.parametrize(
    ("scopes", "why"),
    [
        ([], "at least one"),
        (["submit"], "the role lead lacks submit"),
        (["review", "admin"], "the role lead lacks admin"),
        (["root"], "the scopes are"),
    ],
)
def test_a_key_has_no_more_than_the_role(store: Store, lead: int, scopes: list[Scope], why: str) -> None:
    with pytest.raises(RefusedError, match=why) as caught:
        add_key(store, lead, "shop", scopes, "command")
    assert caught.value.field == "scopes"
    assert list_keys(store) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\0b"])
def test_a_name_that_cannot_be_taken(store: Store, lead: int, name: str) -> None:
    with pytest.raises(RefusedError):
        add_key(store, lead, name, ["review"], "command")


def test_a_key_loses_the_scopes_that_its_user_loses(store: Store, lead: int) -> None:
    key = add_key(store, lead, "shop", ["review", "export"], "command")
    add_user(store, "root", "admin", "command", "sub-2")
    change_user(store, lead, "command", role="submitter")
    user = user_of_key(store, key)
    assert user is not None
    assert user.scopes == frozenset()


def test_a_key_expires(store: Store, clock: TestClock, lead: int) -> None:
    key = add_key(store, lead, "shop", ["review"], "command", store.now() + timedelta(days=90))
    clock.forward(days=90, seconds=-1)
    assert user_of_key(store, key) is not None
    clock.forward(seconds=1)
    assert user_of_key(store, key) is None
    with pytest.raises(RefusedError, match="expired already"):
        add_key(store, lead, "shop", ["review"], "command", store.now())


def test_a_key_is_revoked_for_ever(store: Store, lead: int) -> None:
    key, other = (add_key(store, lead, name, ["review"], "command") for name in ("shop", "other"))
    found = find_key(store, str(prefix_of(key)))
    for _ in range(2):
        revoke_key(store, found.id, "user:root")
    assert user_of_key(store, key) is None
    assert user_of_key(store, other) is not None
    assert find_key(store, found.prefix).revoked_at == store.now()
    assert recorded(store, "key.revoked") == [("key.revoked", "user:root", f"key:{found.prefix}", {})]
    with pytest.raises(NotFoundError):
        revoke_key(store, 999, "command")
    with pytest.raises(NotFoundError):
        find_key(store, "nothing")
    with pytest.raises(NotFoundError):
        add_key(store, 999, "shop", ["review"], "command")


def test_use_is_written_once_a_minute(store: Store, clock: TestClock, lead: int) -> None:
    key = add_key(store, lead, "shop", ["review"], "command")
    assert list_keys(store)[0].used_at is None
    user_of_key(store, key + "x")
    assert list_keys(store)[0].used_at is None
    user_of_key(store, key)
    first = store.now()
    clock.forward(seconds=USED_EVERY.total_seconds() - 1)
    user_of_key(store, key)
    assert list_keys(store)[0].used_at == first
    clock.forward(seconds=1)
    user_of_key(store, key)
    assert list_keys(store)[0].used_at == first + USED_EVERY


def test_keys_are_listed_page_by_page_and_by_user(store: Store, lead: int) -> None:
    other = add_user(store, "wang", "auditor", "command", "sub-3")[0].id
    for number in range(3):
        add_key(store, lead, f"lin{number}", ["review"], "command")
    add_key(store, other, "wang", ["read"], "command")
    first = list_keys(store, limit=2)
    assert [key.name for key in first] == ["lin0", "lin1"]
    assert [key.name for key in list_keys(store, first[-1].id)] == ["lin2", "wang"]
    assert [key.name for key in list_keys(store, user_id=other)] == ["wang"]
