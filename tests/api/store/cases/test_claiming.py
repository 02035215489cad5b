"""Claims: one case for one person, the best first, as long as the lock lasts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

import pytest
import sqlalchemy as sa

from smsvet_api.store.cases.claiming import claim, claim_next, heartbeat, release, skip
from smsvet_api.store.cases.filters import Filters
from smsvet_api.store.cases.tables import activity, cases
from smsvet_api.store.database import CONNECTIONS
from smsvet_api.store.errors import ConflictError, ForbiddenError, NotFoundError
from smsvet_api.store.trail.tables import events

from ..databases import TestClock
from .desk import MANUAL, REJECT, Desk, hours


def claimed(desk: Desk, name: str, filters: Filters | None = None) -> int | None:
    found = claim_next(desk.store, desk.person(name), filters)
    return None if found is None else found.case_id


def test_the_riskiest_case_comes_first_then_the_one_due_first_then_the_oldest(
    desk: Desk, clock: TestClock
) -> None:
    late = desk.case(MANUAL, due=clock() + hours(4))
    soon = desk.case(MANUAL, due=clock() + hours(1))
    same = desk.case(MANUAL, due=clock() + hours(1))
    risky = desk.case(REJECT, due=clock() + hours(9))
    names = ["lin", "wu", "zhao", "qian"]
    assert [claimed(desk, name) for name in names] == [risky, soon, same, late]
    assert claimed(desk, "sun") is None


def test_a_lost_answer_costs_nothing(desk: Desk) -> None:
    desk.case(MANUAL)
    desk.case(MANUAL)
    first = claim_next(desk.store, desk.person("lin"))
    assert claim_next(desk.store, desk.person("lin")) == first


FILTERED = [
    (Filters(kind="signature"), "signature"),
    (Filters(provider="aliyun"), "aliyun"),
    (Filters(purpose="marketing"), "marketing"),
    (Filters(rule="link/in-template"), "risky"),
    (Filters(min_risk=80), "risky"),
    (Filters(search="特价"), "wording"),
    (Filters(search="SALE"), "wording"),
    (Filters(search="100%_"), "wording"),
    (Filters(search="%"), "wording"),
    (Filters(search="没有的词"), None),
    (Filters(search="Ｓale"), "wording"),
    (Filters(search="取件码8642"), "values"),
    (Filters(search="body"), None),
    (Filters(search="params"), None),
    (Filters(search='":"'), None),
    (Filters(kind="message"), None),
]


def test_a_filter_narrows_the_queue(desk: Desk) -> None:
    made = {
        "signature": desk.case(MANUAL, kind="signature"),
        "aliyun": desk.case(MANUAL, provider="aliyun"),
        "marketing": desk.case(MANUAL, purpose="marketing"),
        "wording": desk.case(MANUAL, text="今日特价 sale 100%_"),
        "risky": desk.case(REJECT),
        "values": desk.case(MANUAL, params={"code": "取件码8642"}),
    }
    lin = desk.person("lin")
    for filters, name in FILTERED:
        got = claimed(desk, "lin", filters)
        assert got == (None if name is None else made[name]), filters
        if got is not None:
            release(desk.store, lin, got)


def test_skipped_cases_come_last(desk: Desk, clock: TestClock) -> None:
    first, second = desk.case(REJECT), desk.case(MANUAL)
    lin = desk.person("lin")
    assert claimed(desk, "lin") == first
    skip(desk.store, lin, first)
    assert claimed(desk, "wu") == first, "for others it is the best one"
    release(desk.store, desk.person("wu"), first)
    assert claimed(desk, "lin") == second
    skip(desk.store, lin, second)
    assert claimed(desk, "lin") == first, "all are skipped: the best of them"
    skip(desk.store, lin, first)
    clock.forward(hours=13)
    assert claimed(desk, "lin") == first


def test_nobody_reviews_an_own_decision_a_second_time(desk: Desk) -> None:
    from .desk import reject

    lin = desk.person("lin")
    first = desk.case(REJECT)
    desk.decide(lin, first, reject())
    second = desk.second(first)
    assert claimed(desk, "lin") is None
    with pytest.raises(NotFoundError):
        claim(desk.store, lin, second)
    assert claimed(desk, "wu") == second


def test_a_lock_lasts_10_minutes_and_a_heartbeat_extends_it_up_to_60(desk: Desk, clock: TestClock) -> None:
    case = desk.case(MANUAL)
    lin = desk.person("lin")
    start = clock()
    got = claim_next(desk.store, lin)
    assert got is not None
    assert (got.locked_until - start, got.ends_at - start) == (hours(1 / 6), hours(1))
    until = got.locked_until
    for _ in range(6):
        clock.forward(minutes=9)
        until = heartbeat(desk.store, lin, case).locked_until
    assert until - start == hours(1)
    clock.forward(minutes=6)
    with pytest.raises(ConflictError):
        heartbeat(desk.store, lin, case)
    assert claimed(desk, "wu") == case


def test_a_heartbeat_after_the_lock_ran_out_counts_if_nobody_came(desk: Desk, clock: TestClock) -> None:
    case, _ = desk.case(MANUAL), desk.case(MANUAL)
    lin = desk.person("lin")
    assert claimed(desk, "lin") == case
    clock.forward(minutes=11)
    assert heartbeat(desk.store, lin, case).locked_until > clock()
    clock.forward(minutes=11)
    assert claimed(desk, "wu") == case
    with pytest.raises(ConflictError):
        heartbeat(desk.store, lin, case)


def test_one_claim_at_a_time(desk: Desk) -> None:
    first, other = desk.case(MANUAL), desk.case(MANUAL)
    lin = desk.person("lin")
    claim(desk.store, lin, other)
    with pytest.raises(ConflictError, match=f"case {other} first"):
        claim(desk.store, lin, first)
    assert claim(desk.store, lin, other).case_id == other
    with pytest.raises(ConflictError, match="lin is working"):
        claim(desk.store, desk.person("wu"), other)


def test_a_lead_releases_what_another_has_and_the_page_of_the_holder_is_stale(desk: Desk) -> None:
    case = desk.case(MANUAL)
    got = claim_next(desk.store, desk.person("lin"))
    assert got is not None
    with pytest.raises(ForbiddenError):
        release(desk.store, desk.person("wu"), case)
    release(desk.store, desk.person("zhou", "lead"), case)
    with pytest.raises(ConflictError) as refused:
        desk.decide(desk.person("lin"), case, version=got.version)
    assert refused.value.name == "version-conflict"


@pytest.mark.parametrize("role", ["submitter", "rule_manager", "auditor", "admin"])
def test_only_reviewers_and_leads_claim(desk: Desk, role: str) -> None:
    with pytest.raises(ForbiddenError):
        claim_next(desk.store, desk.person("other", role))  # type: ignore[arg-type]


def test_claims_are_in_the_activity_not_in_the_trail(desk: Desk) -> None:
    case = desk.case(MANUAL)
    lin = desk.person("lin")
    claim_next(desk.store, lin)
    heartbeat(desk.store, lin, case)
    skip(desk.store, lin, case)
    claim_next(desk.store, lin)
    release(desk.store, lin, case)
    found = desk.rows(sa.select(activity.c.kind).order_by(activity.c.id))
    assert [row.kind for row in found] == ["claim", "heartbeat", "skip", "claim", "release"]
    assert desk.rows(sa.select(events)) == []


def drain(desk: Desk, name: str, turns: Semaphore) -> list[int]:
    """Claim and decide until the queue is empty, in as many threads at once as the service has."""
    user = desk.person(name)
    found: list[int] = []
    while True:
        with turns:
            got = claim_next(desk.store, user)
        if got is None:
            return found
        found.append(got.case_id)
        with turns, desk.store.database.transaction() as connection:
            connection.execute(cases.update().where(cases.c.id == got.case_id).values(state="decided"))


def test_a_burst_of_20_claims_gives_20_different_cases(desk: Desk) -> None:
    made = {desk.case(MANUAL) for _ in range(25)}
    people = [desk.person(f"r{number}") for number in range(20)]
    with ThreadPoolExecutor(20) as threads:
        got = list(threads.map(lambda user: claim_next(desk.store, user), people))
    ids = [one.case_id for one in got if one is not None]
    assert len(set(ids)) == len(ids) == 20
    assert set(ids) <= made


def test_two_requests_of_one_person_at_once_claim_one_case(desk: Desk) -> None:
    for _ in range(8):
        desk.case(MANUAL)
    lin = desk.person("lin")
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda _: claim_next(desk.store, lin), range(8)))
    assert len({one.case_id for one in got if one is not None}) == 1


@pytest.mark.slow
def test_50_reviewers_empty_a_queue_of_1000_cases(desk: Desk) -> None:
    first = desk.case(MANUAL)
    row = desk.row(first)
    values = {name: value for name, value in row._mapping.items() if name != "id"}
    with desk.store.database.transaction() as connection:
        connection.execute(cases.insert(), [values] * 999)
    names = [f"r{number}" for number in range(50)]
    for name in names:
        desk.person(name)
    turns = Semaphore(CONNECTIONS)
    with ThreadPoolExecutor(50) as threads:
        found = [case for got in threads.map(lambda name: drain(desk, name, turns), names) for case in got]
    assert len(found) == len(set(found)) == 1000


def test_the_claim_reads_the_queue_in_the_order_of_its_index(desk: Desk) -> None:
    from smsvet_api.store.cases.claiming import claim_statement

    for _ in range(30):
        desk.case(MANUAL)
    statement = claim_statement(desk.person("lin"), Filters(), desk.store.now(), skipped=False)
    assert "ix_cases_queue" in plan(desk, statement)


def test_the_page_of_the_queue_reads_the_index(desk: Desk) -> None:
    from smsvet_api.store.cases.listing import page_query

    for _ in range(30):
        desk.case(MANUAL)
    query = page_query(desk.person("lin"), Filters(), None, 50, desk.store.now())
    assert "ix_cases_queue" in plan(desk, query)


def plan(desk: Desk, statement: sa.Executable) -> str:
    """Return the plan of a statement; PostgreSQL scans tables as small as a test's unless it is told not to."""
    with desk.store.database.transaction() as connection:
        text = str(
            statement.compile(connection, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
        )
        if desk.store.database.is_sqlite:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
            assert not any("TEMP B-TREE FOR ORDER BY" in str(row) for row in rows), rows
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
            rows = connection.exec_driver_sql("EXPLAIN " + text.replace("%", "%%")).all()
            assert not any("Sort" in str(row) for row in rows), rows
    return "\n".join(map(str, rows))
