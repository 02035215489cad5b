"""Fills a database with many cases: those of the demo data, and copies of them with ids and times of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from bench.demo_data import fill
from smsvet_api.store.cases.tables import cases, resolutions
from smsvet_api.store.database import Database
from smsvet_api.store.instants import Instant
from smsvet_api.store.store import Store
from smsvet_api.store.submissions.tables import submissions, verdict_rules, verdicts
from smsvet_api.store.trail.events import append

Row = dict[str, Any]

MOST_TOLD: Final = 600
"""Greatest number of submissions of the demo data. A fifth has a case."""
DAYS: Final = 180
"""The copies are spread over these days before the demo data."""
SLICE: Final = 1000
"""Cases in one transaction."""
_COPIED: Final = {submissions: "id", verdicts: "submission_id", cases: "submission_id"}
"""Tables with a column that has the id of the submission."""
_NUMBERED: Final = {
    "id": None, "submission_id": submissions, "verdict_id": verdicts, "case_id": cases, "first_case_id": cases,
}  # fmt: skip
"""Columns with an id that a copy has anew, and the table of it, None for the row's own."""


def fill_with_cases(database: Database, number: int) -> None:
    """Fill an empty database until it has at least `number` cases, each opening with an event of the trail."""
    fill(database, min(number, MOST_TOLD), seed=1)
    originals = _originals(database)
    copies = -(-number // len(originals[cases])) - 1
    most = {table: _greatest(database, table) for table in (submissions, verdicts, cases, resolutions)}
    per_slice = max(SLICE // len(originals[cases]), 1)
    for first in range(1, copies + 1, per_slice):
        numbers = range(first, min(first + per_slice, copies + 1))
        with database.transaction() as connection:
            for table, rows in originals.items():
                made = [_copied(table, row, copy, copies, most) for copy in numbers for row in rows]
                connection.execute(table.insert(), made)
            _note(connection, Store(database), originals[cases], numbers, most[cases])
    _finish(database, most)


def _originals(database: Database) -> dict[sa.Table, list[Row]]:
    """Return the rows of all submissions with a case, ordered so that they can be inserted."""
    chosen = sa.select(cases.c.submission_id).where(cases.c.origin == "verdict")
    found: dict[sa.Table, list[Row]] = {}
    with database.reading() as connection:
        for table, column in _COPIED.items():
            condition = table.c[column].in_(chosen)
            # The others have rows in more tables: a sample, an appeal.
            found[table] = _rows(
                connection, table, condition & (cases.c.origin == "verdict") if table is cases else condition
            )
        found[cases].sort(key=lambda row: row["id"])
        found[verdict_rules] = _rows(
            connection, verdict_rules, verdict_rules.c.verdict_id.in_([row["id"] for row in found[verdicts]])
        )
        found[resolutions] = _rows(
            connection, resolutions, resolutions.c.case_id.in_([row["id"] for row in found[cases]])
        )
    return found


def _rows(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> list[Row]:
    return [dict(row) for row in connection.execute(sa.select(table).where(condition)).mappings()]


def _greatest(database: Database, table: sa.Table) -> int:
    with database.reading() as connection:
        return int(connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one() or 0)


def _copied(table: sa.Table, row: Row, copy: int, copies: int, most: Mapping[sa.Table, int]) -> Row:
    """Return a copy of a row: decided cases are from the past, open ones from the last hours."""
    waits = table is cases and row["state"] != "decided"
    back = timedelta(minutes=copy % 240) if waits else timedelta(days=DAYS * copy / copies)
    made = dict(row)
    for name, of in _NUMBERED.items():
        if made.get(name) is not None:
            made[name] += copy * most[table if of is None else of]
    for column in table.c:
        if isinstance(column.type, Instant) and made[column.name] is not None:
            made[column.name] -= back
    for name in ("client_id", "idem"):
        if name in made:
            made[name] = f"{copy}-{made[name]}"[:64]
    if made.get("cluster"):
        made["cluster"] = f"{copy // 20:08x}{made['cluster'][8:]}"
    if table is cases and made["state"] == "held":
        made |= {"state": "open", "held_until": None}
    if table is cases:
        made |= {"holder_id": None, "locked_until": None}
    return made


def _note(connection: sa.Connection, store: Store, rows: list[Row], copies: range, most: int) -> None:
    for copy in copies:
        for row in rows:
            subject = f"case:{row['id'] + copy * most}"
            append(connection, store.now(), "service", "case.opened", subject, {"origin": row["origin"]})


def _finish(database: Database, most: Mapping[sa.Table, int]) -> None:
    """Let new rows follow the copies, and the planner know their number."""
    with database.transaction() as connection:
        for table in most if connection.dialect.name == "postgresql" else ():
            statement = (
                "select setval(pg_get_serial_sequence(:name, 'id'), (select max(id) from " + table.name + "))"
            )
            connection.execute(sa.text(statement), {"name": table.name})
        connection.execute(sa.text("analyze"))


def open_cases(database: Database, number: int) -> Iterator[int]:
    """Yield the ids of some cases of the queue, spread over it."""
    with database.reading() as connection:
        found = (
            connection.execute(
                sa.select(cases.c.id)
                .where(cases.c.state == "open", cases.c.blind.is_(False))
                .order_by(cases.c.id)
            )
            .scalars()
            .all()
        )
    yield from found[:: max(len(found) // number, 1)][:number]
