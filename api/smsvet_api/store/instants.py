"""Moments as text: UTC with microseconds, the same in every database, and in the order of time when sorted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

Clock = Callable[[], datetime]
"""Returns the time now, with a time zone."""


def now() -> datetime:
    """Return the time now in UTC."""
    return datetime.now(UTC)


def text_of(at: datetime) -> str:
    """Return a moment as text, such as `2026-11-28T09:30:00.000000Z`."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def instant(text: str) -> datetime:
    """Return the moment that `text_of` wrote."""
    return datetime.fromisoformat(text)


class Instant(TypeDecorator[datetime]):
    """A column of moments. Its values compare in SQL as they do in time."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """Return the text that is stored."""
        return None if value is None else text_of(value)

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """Return the moment that was stored."""
        return None if value is None else instant(value)
