"""Today's date in China, the date of every verdict that names none."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one time zone and no summer time since 1992."""


def today() -> date:
    """Return the current date in China: the default of `as_of` at every entry point.

    The engine itself has no clock. A Python caller passes this date as `as_of`, or gets the verdict of the content's
    release date.
    """
    return datetime.now(CHINA).date()
