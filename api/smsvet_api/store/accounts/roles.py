"""Roles, and the scopes of API keys."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal["submitter", "reviewer", "lead", "rule_manager", "auditor", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

Scope = Literal["submit", "review", "cases", "read", "export", "rules", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

SCOPES_OF: Final[dict[Role, frozenset[Scope]]] = {
    "submitter": frozenset({"submit"}),
    "reviewer": frozenset({"review", "cases"}),
    "lead": frozenset({"review", "cases", "read", "export"}),
    "rule_manager": frozenset({"rules", "read", "export"}),
    "auditor": frozenset({"read", "export"}),
    "admin": frozenset({"admin", "read"}),
}
"""The scopes of a role. A key of its user has some of them; `cases` reads the queue and its cases, and decides none."""
