"""How the databases read the queue: by an index, whatever the filter and the order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from smsvet_api.store.cases.claiming import claim_next
from smsvet_api.store.cases.clusters import view_cluster
from smsvet_api.store.cases.filters import Filters
from smsvet_api.store.cases.listing import queue
from smsvet_api.store.cases.view import view_case
from smsvet_api.store.dashboard.scope import Scope
from smsvet_api.store.dashboard.waiting import waiting_now

from .desk import MANUAL, Desk

CLUSTER = "c" * 32
LARGE: Final = ("cases", "submissions", "verdicts", "resolutions", "verdict_rules")
"""Tables with a row for each case, and more."""
FILTERS: Final = {
    "all": Filters(),
    "provider": Filters(provider="tencent"),
    "kind and purpose": Filters(kind="template", purpose="marketing"),
    "risk": Filters(min_risk=50),
    "rule": Filters(rule="content/loan"),
    "search": Filters(search="微信"),
    "overdue": Filters(due="overdue"),
    "soon": Filters(due="soon"),
    "held": Filters(state="held"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_the_queue_reads_an_index(desk: Desk, name: str) -> None:
    lin, zhao = desk.person("lin"), desk.person("zhao", "lead")
    for person in (lin, zhao):
        no_table_is_read_whole(desk, partial(queue, desk.store, person, FILTERS[name]))


def test_each_order_reads_an_index(desk: Desk) -> None:
    lin = desk.person("lin")
    no_table_is_read_whole(desk, lambda: queue(desk.store, lin, order="due"))
    no_table_is_read_whole(desk, lambda: queue(desk.store, lin, order="newest"))


@pytest.mark.parametrize("name", [one for one in FILTERS if one != "held"])
def test_a_claim_reads_an_index(desk: Desk, name: str) -> None:
    lin = desk.person("lin")
    no_table_is_read_whole(desk, lambda: claim_next(desk.store, lin, FILTERS[name]))


def test_the_pages_of_a_case_and_a_cluster_read_indices(desk: Desk) -> None:
    lin = desk.person("lin")
    case = desk.case(MANUAL, cluster=CLUSTER)
    desk.case(MANUAL, cluster=CLUSTER)
    no_table_is_read_whole(desk, lambda: view_case(desk.store, lin, case))
    no_table_is_read_whole(desk, lambda: view_cluster(desk.store, lin, CLUSTER))


def test_what_waits_is_counted_in_an_index(desk: Desk) -> None:
    at = desk.store.now()
    lin, zhao = desk.person("lin"), desk.person("zhao", "lead")
    for person in (lin, zhao):
        no_table_is_read_whole(desk, partial(waiting_now, desk.store, person, Scope(at, at)))


def no_table_is_read_whole(desk: Desk, act: Callable[[], object]) -> None:
    for _ in range(3):
        desk.case(MANUAL)
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH", "UPDATE cases SET holder")):
            statements.append((statement, parameters))

    engine = desk.store.database.engine
    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    assert any("FROM cases" in statement for statement, _ in statements)
    with desk.store.database.transaction() as connection:
        if not desk.store.database.is_sqlite:  # it reads a table of a few rows whole, if it may
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in statements:
            for line in explained(connection, statement, parameters):
                assert not any(reads_whole(line, table) for table in LARGE), (line, statement)


def explained(connection: sa.Connection, statement: str, parameters: Any) -> list[str]:
    command = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{command} {statement}", parameters).all()
    return [f"{row[-1]}\n" for row in rows]


def reads_whole(line: str, table: str) -> bool:
    return f"SCAN {table}\n" in line or f"Seq Scan on {table} " in line
