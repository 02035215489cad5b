"""Pages of rows in the order of their ids, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def newest_rows(
    connection: sa.Connection,
    query: sa.Select[*tuple[Any, ...]],
    key: sa.ColumnElement[int],
    before: int | None,
    limit: int,
) -> tuple[Sequence[sa.Row[Any]], int | None]:
    """Return the newest rows of a query with ids below `before`, at most `limit`; and the id to continue with.

    `key` is the column of the id, which the query selects as `id`. The id to continue with is that of the last row, None
    at the end.
    """
    if before is not None:
        query = query.where(key < before)
    rows = connection.execute(query.order_by(key.desc()).limit(limit + 1)).all()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None
