"""Claims, decisions, undo and handover in any order, while the clock jumps."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ..databases import TestClock
from ..decided import set_rates
from .desk import MANUAL, REJECT, Desk, approve, reject

if TYPE_CHECKING:
    from smsvet_api.store.accounts.users import User
    from smsvet_api.store.store import Store

PEOPLE = {"lin": "reviewer", "wu": "reviewer", "zhou": "lead", "audit": "auditor"}
NAMES = st.sampled_from(sorted(PEOPLE))
PLACES = st.integers(0, 2)


class Work(RuleBasedStateMachine):
    """People work on three cases. Refusals are expected; the invariants hold all the same."""

    shared: ClassVar[Store]

    def __init__(self) -> None:
        super().__init__()
        self.clock = TestClock()
        self.shown: dict[tuple[str, int], int] = {}
        self.acknowledged: dict[int, str] = {}
        self.withdrawn: set[int] = set()
        self.reopened: dict[int, int] = {}

    @initialize()
    def begin(self) -> None:
        from smsvet_api.store.store import Store

        self.desk = Desk(Store(self.shared.database, self.clock))
        empty(self.shared)
        set_rates(self.desk.store)
        for name, role in PEOPLE.items():
            self.desk.person(name, role)  # type: ignore[arg-type]
        self.desk.webhook()
        self.cases = [self.desk.case(*findings) for findings in ((MANUAL,), (REJECT,), ())]
        self.machine = State(self.desk).verdicts

    def who(self, name: str) -> User:
        return self.desk.people[name]

    def attempt(self, function: Any, name: str, *args: Any) -> Any:
        from smsvet_api.store.errors import StoreDownError, StoreError

        try:
            return function(self.desk.store, self.who(name), *args)
        except StoreDownError:
            raise
        except StoreError:
            return None

    @rule(name=NAMES, place=PLACES)
    def look(self, name: str, place: int) -> None:
        self.shown[name, place] = self.desk.row(self.cases[place]).version

    @rule(name=NAMES)
    def claim_next(self, name: str) -> None:
        from smsvet_api.store.cases.claiming import claim_next

        got = self.attempt(claim_next, name)
        if got is not None:
            self.shown[name, self.cases.index(got.case_id)] = got.version

    @rule(name=NAMES, place=PLACES)
    def claim(self, name: str, place: int) -> None:
        from smsvet_api.store.cases.claiming import claim

        got = self.attempt(claim, name, self.cases[place])
        if got is not None:
            self.shown[name, place] = got.version

    @rule(name=NAMES, place=PLACES, which=st.sampled_from(["heartbeat", "release", "skip"]))
    def touch(self, name: str, place: int, which: str) -> None:
        from smsvet_api.store.cases import claiming

        self.attempt(getattr(claiming, which), name, self.cases[place])

    @rule(name=NAMES, place=PLACES, yes=st.booleans(), overturn=st.booleans())
    def decide(self, name: str, place: int, yes: bool, overturn: bool) -> None:
        from smsvet_api.store.cases.deciding import decide

        case = self.cases[place]
        version = self.shown.get((name, place), 1)
        more = {"overturn": "false_alarm"} if overturn else {}
        choice = approve(**more) if yes else reject(**more)
        before = self.desk.row(case)
        done = self.attempt(decide, name, case, version, choice, secrets.token_hex(8))
        if done is not None:
            assert before.version == version, "a decision on a case that somebody else changed"
            assert before.state != "decided"
            self.acknowledged[done.resolution_id] = done.decision
            self.shown[name, place] = done.version

    @rule(name=NAMES, place=PLACES)
    def undo(self, name: str, place: int) -> None:
        from smsvet_api.store.cases.deciding import undo

        got = self.attempt(undo, name, self.cases[place])
        if got is not None:
            gone = [one for one in self.desk.resolutions(self.cases[place]) if one.withdrawn_at]
            assert gone[-1].final_at > self.clock()
            self.withdrawn |= {one.id for one in gone}
            self.shown[name, place] = got.version

    @rule(name=NAMES, place=PLACES, which=st.sampled_from(["escalate", "reopen"]))
    def hand_over(self, name: str, place: int, which: str) -> None:
        from smsvet_api.store.cases import handover

        case = self.cases[place]
        done = self.attempt(getattr(handover, which), name, case, "")
        if done is not None and which == "reopen":
            self.reopened[case] = self.reopened.get(case, 0) + 1

    @rule(name=NAMES, place=PLACES, hours=st.integers(1, 100))
    def hold(self, name: str, place: int, hours: int) -> None:
        from smsvet_api.store.cases.handover import hold

        self.attempt(hold, name, self.cases[place], self.clock() + timedelta(hours=hours))

    @rule(name=NAMES, to=NAMES, place=PLACES)
    def reassign(self, name: str, to: str, place: int) -> None:
        from smsvet_api.store.cases.handover import reassign

        self.attempt(reassign, name, self.cases[place], to)

    @rule(seconds=st.sampled_from([1, 14, 16, 700, 4000, 90_000, -10, -3600]))
    def time_passes(self, seconds: int) -> None:
        self.clock.forward(seconds=seconds)
        self.deliver()

    def deliver(self) -> None:
        """Send the due messages, as the dispatcher does; none of a withdrawn decision is due."""
        from smsvet_api.store.webhooks.tables import outbox

        due = sa.and_(outbox.c.state == "waiting", outbox.c.due_at <= self.clock())
        with self.desk.store.database.transaction() as connection:
            connection.execute(outbox.update().where(due).values(state="sent", attempts=1))

    @invariant()
    def nothing_is_lost_doubled_or_forged(self) -> None:
        seen = State(self.desk)
        assert seen.verdicts == self.machine, "the machine's verdicts never change"
        for case in self.cases:
            row, made = seen.cases[case], [one for one in seen.resolutions if one.case_id == case]
            standing = [one for one in made if one.withdrawn_at is None]
            decided = row.state == "decided"
            assert len(standing) == self.reopened.get(case, 0) + decided, "one decision in force at most"
            status = STATUS[standing[-1].decision] if decided else "in_review"
            assert seen.statuses[row.submission_id] == status
        assert {one.id: one.decision for one in seen.resolutions} == self.acknowledged
        assert {one.id for one in seen.resolutions if one.withdrawn_at} == self.withdrawn
        for one in seen.outbox:
            assert one.resolution_id not in self.withdrawn or one.state == "withdrawn"
        seen.verify_trail(len(self.acknowledged), len(self.withdrawn))


STATUS = {"approve": "approved", "reject": "rejected"}


class State:
    """The stored state, as of one moment."""

    def __init__(self, desk: Desk) -> None:
        from smsvet_api.store import schema

        with desk.store.database.reading() as connection:

            def rows(table: sa.Table) -> list[Any]:
                key = next(iter(table.primary_key.columns))
                return list(connection.execute(sa.select(table).order_by(key)).all())

            self.cases = {row.id: row for row in rows(schema.cases.cases)}
            self.resolutions = rows(schema.cases.resolutions)
            self.statuses = {row.id: row.status for row in rows(schema.submissions.submissions)}
            self.verdicts = rows(schema.submissions.verdicts)
            self.outbox = rows(schema.webhooks.outbox)
            self.events = rows(schema.trail.events)

    def verify_trail(self, decided: int, withdrawn: int) -> None:
        from smsvet_api.store.trail.events import ROOT, event_hash

        prev = ROOT
        kinds: list[str] = []
        for row in self.events:
            assert (row.seq, row.prev) == (len(kinds) + 1, prev)
            prev = event_hash(row.seq, row.at, row.actor, row.kind, row.subject, row.body, row.prev)
            assert row.hash == prev
            kinds.append(row.kind)
        assert (kinds.count("case.decided"), kinds.count("decision.withdrawn")) == (decided, withdrawn)


def empty(store: Store) -> None:
    """Delete all rows, for the next example."""
    from smsvet_api.store.schema import metadata, trail
    from smsvet_api.store.trail.events import ROOT

    with store.database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is trail.trail_head:
                connection.execute(table.update().values(seq=0, hash=ROOT))
            else:
                connection.execute(table.delete())


@pytest.mark.slow
def test_any_order_of_work(store: Store) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    class OnThis(Work):
        shared = store

    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.filter_too_much,
                HealthCheck.data_too_large,
            ],
        ),
    )
