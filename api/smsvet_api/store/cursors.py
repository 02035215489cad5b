"""Cursors: where a list continues. Opaque to those who receive them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from .errors import RefusedError


def cursor_of(values: Sequence[int | str]) -> str:
    """Return the cursor for a place in a list."""
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def cursor_of_id(last: int | None) -> str | None:
    """Return the cursor for a list that is ordered by id and continues after `last`; None for None, its end."""
    return None if last is None else cursor_of((last,))


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


def id_of(cursor: str) -> int:
    """Return the id of a cursor that `cursor_of_id` returned. Raises RefusedError for any other."""
    return int(place_of(cursor, (int,))[0])
