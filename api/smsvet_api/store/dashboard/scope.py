"""The part of the work that figures are about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Scope:
    """A period, the end not included, and the provider and purpose of the submissions; None leaves one out."""

    since: datetime
    until: datetime
    provider: str | None = None
    purpose: str | None = None

    @property
    def before(self) -> Scope:
        """Return the period of the same length that ends where this one begins."""
        return replace(self, since=self.since - (self.until - self.since), until=self.since)

    def within(self, column: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[bool], ...]:
        """Return the condition that a moment is within the period."""
        return column >= self.since, column < self.until

    def among(self, table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on provider and purpose of a table that has both."""
        given = {"provider": self.provider, "purpose": self.purpose}
        return [table.c[name] == value for name, value in given.items() if value is not None]
