"""Users: names, roles, one-time passwords, and the admin who has to remain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from smsvet_api.store.accounts.keys import add_key, user_of_key
from smsvet_api.store.accounts.login import log_in
from smsvet_api.store.accounts.roles import ROLES, SCOPES, SCOPES_OF
from smsvet_api.store.accounts.sessions import session_of
from smsvet_api.store.accounts.subjects import log_in_subject
from smsvet_api.store.accounts.users import (
    FIRST_ADMIN,
    add_first_admin,
    add_user,
    change_user,
    find_user,
    get_user,
    issue_password,
    list_users,
)
from smsvet_api.store.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError, StoreError
from smsvet_api.store.store import Store

from .trail_reading import recorded, whole_database

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_a_user_is_added_with_a_one_time_password(store: Store) -> None:
    account, password = add_user(store, " Lin ", "reviewer", "user:root")
    assert (account.name, account.role, account.must_change, account.has_password) == (
        "lin", "reviewer", True, True,
    )  # fmt: skip
    assert password is not None
    assert log_in(store, "LIN", password, "192.0.2.1", "test").session.must_change
    assert find_user(store, "lin").id == account.id
    assert recorded(store, "user.added") == [
        ("user.added", "user:root", "user:lin", {"role": "reviewer", "oidc": False})
    ]
    assert password not in whole_database(store)


def test_a_user_of_oidc_has_no_password(store: Store) -> None:
    account, password = add_user(store, "lin", "lead", "command", "sub-1")
    assert (account.has_password, account.must_change, account.oidc_subject, password) == (
        False, False, "sub-1", None,
    )  # fmt: skip
    with pytest.raises(ConflictError, match="subject"):
        add_user(store, "wang", "lead", "command", "sub-1")


def test_a_subject_belongs_to_its_issuer(store: Store) -> None:
    add_user(store, "lin", "lead", "command", "sub-1", "https://one.example")
    add_user(store, "wang", "lead", "command", "sub-1", "https://two.example")
    with pytest.raises(ConflictError, match="subject"):
        add_user(store, "wu", "lead", "command", "sub-1", "https://two.example")
    with pytest.raises(ConflictError, match="subject"):  # it could be either of the two
        add_user(store, "wu", "lead", "command", "sub-1")
    new = log_in_subject(store, "https://two.example", "sub-1", ["x"], None, "test")
    assert new.session.user.name == "wang"
    with pytest.raises(ForbiddenError):
        log_in_subject(store, "https://three.example", "sub-1", ["x"], None, "test")


def test_the_first_login_gives_a_prepared_user_its_issuer(store: Store) -> None:
    add_user(store, "lin", "lead", "command", "sub-1")
    for _ in range(2):
        new = log_in_subject(store, "https://one.example", "sub-1", ["x"], None, "test")
        assert new.session.user.name == "lin"
    assert find_user(store, "lin").oidc_issuer == "https://one.example"
    with pytest.raises(ForbiddenError):
        log_in_subject(store, "https://two.example", "sub-1", ["x"], None, "test")


@pytest.mark.parametrize("name", ["林晓", "a", "lin.wang@example.com", "x" * 64, "ｌｉｎ"])
def test_names_that_can_be_taken(store: Store, name: str) -> None:
    add_user(store, name, "lead", "command")
    assert find_user(store, name).role == "lead"


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 65, "a b", "a\0b", "-a", ".a", "a:b", "a/b", "a\nb", "\ud800"]
)
def test_names_that_cannot_be_taken(store: Store, name: str) -> None:
    with pytest.raises(RefusedError):
        add_user(store, name, "lead", "command")


def test_names_differ_by_more_than_case(store: Store) -> None:
    add_user(store, "lin", "lead", "command")
    for name in ("LIN", "ｌｉｎ", " lin"):
        with pytest.raises(ConflictError) as caught:
            add_user(store, name, "lead", "command")
        assert caught.value.say("zh") == "已有用户 lin"


def test_an_unknown_role_is_refused(store: Store) -> None:
    with pytest.raises(RefusedError):
        add_user(store, "lin", "root", "command")  # type: ignore[arg-type] # a caller's mistake
    account, _ = add_user(store, "lin", "lead", "command")
    with pytest.raises(RefusedError):
        change_user(store, account.id, "command", role="root")  # type: ignore[arg-type]


def test_users_are_listed_page_by_page(store: Store) -> None:
    for number in range(5):
        add_user(store, f"user{number}", "submitter", "command", f"sub-{number}")
    first = list_users(store, limit=3)
    assert [user.name for user in first] == ["user0", "user1", "user2"]
    assert [user.name for user in list_users(store, first[-1].id, 3)] == ["user3", "user4"]


def test_what_changes_is_recorded_once(store: Store) -> None:
    account, _ = add_user(store, "lin", "reviewer", "command")
    for _ in range(2):
        assert change_user(store, account.id, "user:root", role="lead").role == "lead"
    for _ in range(2):
        assert change_user(store, account.id, "user:root", disabled=True).disabled_at == store.now()
    for _ in range(2):
        assert change_user(store, account.id, "user:root", disabled=False).disabled_at is None
    assert change_user(store, account.id, "user:root") == get_user(store, account.id)
    assert [(kind, body) for kind, _, _, body in recorded(store)][1:] == [
        ("user.changed", {"role": {"from": "reviewer", "to": "lead"}}),
        ("user.disabled", {}),
        ("user.enabled", {}),
    ]


def test_a_disabled_user_can_do_nothing(store: Store) -> None:
    account, password = add_user(store, "lin", "reviewer", "command")
    assert password is not None
    cookie = log_in(store, "lin", password, "192.0.2.1", "test").cookie
    key = add_key(store, account.id, "key", ["review"], "command")
    change_user(store, account.id, "command", disabled=True)
    assert session_of(store, cookie) is None
    assert user_of_key(store, key) is None
    with pytest.raises(StoreError) as caught:
        log_in(store, "lin", password, "192.0.2.1", "test")
    assert caught.value.name == "wrong-login"
    with pytest.raises(ConflictError):
        add_key(store, account.id, "key", ["review"], "command")

    change_user(store, account.id, "command", disabled=False)
    assert session_of(store, cookie) is None  # ended for ever
    assert user_of_key(store, key) is not None
    assert log_in(store, "lin", password, "192.0.2.1", "test").session.user.name == "lin"


def test_a_new_role_holds_for_sessions_and_keys_at_once(store: Store) -> None:
    account, password = add_user(store, "lin", "lead", "command")
    assert password is not None
    cookie = log_in(store, "lin", password, "192.0.2.1", "test").cookie
    key = add_key(store, account.id, "key", ["review", "cases", "export"], "command")
    change_user(store, account.id, "command", role="reviewer")
    session, user = session_of(store, cookie), user_of_key(store, key)
    assert session is not None
    assert user is not None
    assert session.user.scopes == user.scopes == {"review", "cases"}


def test_a_new_one_time_password_ends_sessions_and_the_old_password(store: Store) -> None:
    account, old = add_user(store, "lin", "reviewer", "command")
    assert old is not None
    cookie = log_in(store, "lin", old, "192.0.2.1", "test").cookie
    new = issue_password(store, account.id, "user:root")
    assert session_of(store, cookie) is None
    with pytest.raises(StoreError, match="wrong"):
        log_in(store, "lin", old, "192.0.2.1", "test")
    assert log_in(store, "lin", new, "192.0.2.1", "test").session.must_change
    assert recorded(store, "password.issued") == [("password.issued", "user:root", "user:lin", {})]


@pytest.mark.parametrize(
    "change", [{"role": "lead"}, {"disabled": True}, {"role": "lead", "disabled": True}], ids=str
)
def test_the_last_admin_remains(store: Store, change: dict[str, object]) -> None:
    first, _ = add_user(store, "first", "admin", "command")
    second, _ = add_user(store, "second", "admin", "command")
    disabled, _ = add_user(store, "third", "admin", "command")
    change_user(store, disabled.id, "command", disabled=True)
    change_user(store, first.id, "command", **change)  # type: ignore[arg-type]
    before = get_user(store, second.id)
    with pytest.raises(ConflictError, match="last admin"):
        change_user(store, second.id, "command", **change)  # type: ignore[arg-type]
    assert get_user(store, second.id) == before
    # What leaves an admin is no change of the last one.
    assert change_user(store, second.id, "command", role="admin", disabled=False) == before
    change_user(store, disabled.id, "command", role="lead")


def test_two_admins_cannot_disable_each_other_at_once(store: Store) -> None:
    admins = [add_user(store, f"admin{number}", "admin", "command")[0] for number in range(6)]

    def disable(account_id: int) -> bool:
        try:
            change_user(store, account_id, "command", disabled=True)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(disable, [admin.id for admin in admins]))
    assert sorted(done) == [False, True, True, True, True, True]
    assert sum(admin.disabled_at is None for admin in list_users(store)) == 1


def test_the_first_admin_is_made_once(store: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        passwords = [one for one in threads.map(lambda _: add_first_admin(store), range(4)) if one]
    assert len(passwords) == 1
    session = log_in(store, FIRST_ADMIN, passwords[0], "192.0.2.1", "test").session
    assert (session.user.role, session.must_change) == ("admin", True)
    assert [user.name for user in list_users(store)] == [FIRST_ADMIN]


def test_no_admin_is_made_where_there_are_users(store: Store) -> None:
    add_user(store, "lin", "reviewer", "command")
    assert add_first_admin(store) is None


def test_unknown_users(store: Store) -> None:
    for call in (
        lambda: get_user(store, 7),
        lambda: find_user(store, "nobody"),
        lambda: change_user(store, 7, "command", role="lead"),
        lambda: issue_password(store, 7, "command"),
    ):
        with pytest.raises(NotFoundError):
            call()


def test_every_role_has_scopes_and_every_scope_a_role() -> None:
    assert set(SCOPES_OF) == set(ROLES)
    assert all(SCOPES_OF.values())
    assert frozenset().union(*SCOPES_OF.values()) == set(SCOPES)
