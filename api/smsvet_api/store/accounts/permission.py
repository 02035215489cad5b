"""Who may change what belongs to the whole house."""

from __future__ import annotations

from ..errors import ForbiddenError
from .roles import Scope
from .users import User


def require_scope(user: User, scope: Scope) -> None:
    """Raise ForbiddenError unless a user has a scope."""
    if not user.may(scope):
        raise ForbiddenError(f"需要权限 {scope}", f"this needs the scope {scope}")
