"""Users as the rest of the store sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .roles import SCOPES_OF, Role, Scope


@dataclass(frozen=True, slots=True)
class User:
    """Who does something: a user in a session, or one of the user's API keys."""

    id: int
    name: str
    role: Role
    scopes: frozenset[Scope]
    """The scopes of this session or key: at most those of the role (`SCOPES_OF`)."""
    key_prefix: str | None = None
    """The shown part of the API key; None for a session."""

    @property
    def actor(self) -> str:
        """Return the name for the trail: `user:NAME`, or `key:PREFIX` for a key."""
        return f"key:{self.key_prefix}" if self.key_prefix else f"user:{self.name}"

    def may(self, scope: Scope) -> bool:
        """Return whether role and key allow this."""
        return scope in self.scopes


def user_of(row: Any, key_prefix: str | None = None, scopes: frozenset[Scope] | None = None) -> User:
    """Return the user of a row of `users`; `scopes` narrows what the role allows."""
    allowed = SCOPES_OF[row.role]
    return User(row.id, row.name, row.role, allowed if scopes is None else allowed & scopes, key_prefix)
