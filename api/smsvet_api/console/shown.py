"""Prepares moments and texts for lists: local time, and texts whose invisible characters are named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..audit.report.texts import Piece, pieces, shortened

CHINA: Final = ZoneInfo("Asia/Shanghai")
LONGEST: Final = 20_000
"""Code points of a text that a page shows."""


def local_time(at: datetime, seconds: bool = False) -> str:
    """Return a moment in China as `YYYY-MM-DD HH:MM`, or with seconds."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def harmless(text: str, most: int = LONGEST) -> Iterable[Piece]:
    """Yield the parts of a text, at most so many code points, with the code points of characters that cannot be seen."""
    return pieces(shortened(text, most))


def display() -> dict[str, Any]:
    """Return the functions that the templates of lists use."""
    return {"local_time": local_time, "harmless": harmless}
