"""Moments as text: UTC with microseconds, the same in every database, and in the order of time when sorted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from ..dates import CHINA

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


def hour_of(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """Return the hour of a moment in SQL: `2026-11-28T09`."""
    return sa.func.substr(sa.type_coerce(column, sa.String), 1, 13)


def start_of_day(at: datetime) -> datetime:
    """Return the midnight in China that begins the day of a moment, in UTC."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
