"""Cursors: where a list goes on. Opaque to those who receive them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from .errors import RefusedError


def cursor_of(values: Sequence[int | str]) -> str:
    """Return the cursor for a place in a list."""
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def place_of(cursor: str, kinds: Sequence[type[int] | type[str]]) -> list[int | str]:
    """Return the place of a cursor. Raises RefusedError unless its values are of these types."""
    values: list[int | str] = []
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except ValueError:
        fits = False
    else:
        fits = isinstance(values, list) and [type(value) for value in values] == list(kinds)
    # PostgreSQL refuses larger numbers, and the character 0.
    if not fits or any(abs(one) >= 2**31 if isinstance(one, int) else "\0" in one for one in values):
        raise RefusedError("cursor", "应为上一页的 next", "expected the next of the page before")
    return values
