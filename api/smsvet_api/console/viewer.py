"""Who looks at a page, and the pages that a role has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi import Request

from smsvet.model import Lang

from ..http.problems import ProblemError
from ..store.accounts.roles import ROLES, Role
from ..store.accounts.users import User
from ..wording import say
from .words import text

if TYPE_CHECKING:
    from ..store.accounts.sessions import Session

CASE_READERS: Final[tuple[Role, ...]] = ("reviewer", "lead", "auditor")
"""Roles that read cases."""
_SESSION: Final = "smsvet.session"
"""The key under which the scope of a request has its session, once it was looked up."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the navigation. `name` is its key under `nav` in the words, `key` its shortcut after `g`."""

    name: str
    path: str
    key: str
    roles: frozenset[Role]
    signed_out: bool = False


@dataclass(frozen=True, slots=True)
class Navigation:
    """The items of a user: those in the row, and those in the menu at its end."""

    first: tuple[NavigationItem, ...]
    more: tuple[NavigationItem, ...]

    def has_in_more(self, path: str) -> bool:
        """Return whether the page at a path belongs to an item of the menu."""
        return any(path == item.path or path.startswith(f"{item.path}/") for item in self.more)


IN_A_ROW: Final = 6
"""Items in the row of a user with more than one item beyond them."""
NAVIGATION: Final = (
    NavigationItem("queue", "/queue", "q", frozenset({"reviewer", "lead", "auditor"})),
    NavigationItem("decisions", "/decisions", "", frozenset({"reviewer", "lead", "auditor"})),
    NavigationItem("rules", "/rules", "r", frozenset({"reviewer", "lead", "rule_manager", "auditor"})),
    NavigationItem(
        "dashboard", "/dashboard", "d", frozenset({"reviewer", "lead", "rule_manager", "auditor"})
    ),
    NavigationItem("try", "/try", "t", frozenset(ROLES), signed_out=True),
    NavigationItem("submissions", "/submissions", "", frozenset({"submitter"})),
    NavigationItem("reports", "/reports", "p", frozenset({"lead", "rule_manager", "auditor"})),
    NavigationItem("quality", "/quality", "", frozenset({"lead", "auditor"})),
    NavigationItem("revisions", "/revisions", "", frozenset({"rule_manager", "auditor"})),
    NavigationItem("trail", "/trail", "", frozenset({"auditor", "admin"})),
    NavigationItem("admin", "/admin", "", frozenset({"admin"})),
)


async def look_up_viewer(request: Request, lang: Lang) -> User | None:
    """Return the user in whose session a request is sent, and note the session for the frame.

    Nobody is signed in without a store, while the database is down, and before a one-time password is changed. It
    checks no CSRF token: what changes something calls `session_in`.
    """
    session = await _session(request, lang)
    request.scope[_SESSION] = session
    return None if session is None or session.must_change else session.user


async def require_viewer(request: Request, lang: Lang, roles: Collection[Role] = ROLES) -> User:
    """Return the user of a page that only some roles have, and note the session for the frame.

    Raises ProblemError: 401 for nobody signed in, 403 for a one-time password or another role, and 503 while the
    database is down. `ErrorPages` then leads to the pages to sign in or to change the password. It checks no CSRF token:
    what changes something calls `session_in`.
    """
    from ..http.identity import current_session  # noqa: PLC0415 - an extra

    session = await current_session(request, lang)
    request.scope[_SESSION] = session
    if session is None:
        raise ProblemError("unauthorized", say(lang, "请先登录", "Sign in first"), lang=lang)
    if session.must_change:
        detail = say(lang, "请先更改一次性密码", "Change the one-time password first")
        raise ProblemError("password-change", detail, lang=lang)
    if session.user.role not in roles:
        name = text(lang, f"role.{session.user.role}")
        detail = say(lang, f"角色「{name}」没有此页面", f"The role {name} does not have this page")
        raise ProblemError("forbidden", detail, lang=lang)
    return session.user


def noted_session(request: Request) -> Session | None:
    """Return the session that `look_up_viewer` noted."""
    session: Session | None = request.scope.get(_SESSION)
    return session


async def _session(request: Request, lang: Lang) -> Session | None:
    if request.app.state.storage is None:
        return None
    from ..http.identity import settings_of, storage_of  # noqa: PLC0415 - an extra
    from ..http.transport import cookie_name  # noqa: PLC0415
    from ..store.accounts.sessions import session_of  # noqa: PLC0415

    name = cookie_name(request, settings_of(request))
    cookie = request.cookies.get(name) if name else None
    if not cookie:
        return None
    try:
        return await storage_of(request).run(lang, session_of, cookie)
    except ProblemError:
        return None


def navigation(user: User | None, may_try: bool) -> Navigation:
    """Return the items for a user, None if signed out, without `/try` where the operator switched it off."""
    items = tuple(
        item
        for item in NAVIGATION
        if (item.signed_out if user is None else user.role in item.roles) and (item.name != "try" or may_try)
    )
    return (
        Navigation(items, ())
        if len(items) <= IN_A_ROW + 1
        else Navigation(items[:IN_A_ROW], items[IN_A_ROW:])
    )
