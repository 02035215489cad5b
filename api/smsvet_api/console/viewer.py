"""Who looks at a page, and the pages that a role has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import Request

from ..store.accounts.roles import ROLES, Role
from ..store.accounts.users import User


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the navigation. `name` is its key under `nav` in the words, `key` its shortcut after `g`."""

    name: str
    path: str
    key: str
    roles: frozenset[Role]
    signed_out: bool = False


NAVIGATION: Final = (NavigationItem("try", "/try", "t", frozenset(ROLES), signed_out=True),)


def viewer(_request: Request) -> User | None:
    """Return the user in whose session a request is sent; None if nobody is signed in."""
    return None


def navigation(user: User | None, may_try: bool) -> tuple[NavigationItem, ...]:
    """Return the items for a user, None if signed out, without `/try` where the operator switched it off."""
    return tuple(
        item
        for item in NAVIGATION
        if (item.signed_out if user is None else user.role in item.roles) and (item.name != "try" or may_try)
    )
