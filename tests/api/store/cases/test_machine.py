"""Claims, decisions, undo and handover in any order, while the clock jumps."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ..databases import KINDS, TestClock, new_database
from ..decided import set_rates
from .desk import MANUAL, REJECT, Desk, approve, reject

if TYPE_CHECKING:
    from smsvet_api.store.accounts.users import User

PEOPLE = {"lin": "reviewer", "wu": "reviewer", "zhou": "lead", "audit": "auditor"}
NAMES = st.sampled_from(sorted(PEOPLE))
PLACES = st.integers(0, 2)


class Work(RuleBasedStateMachine):
    """People work on three cases. Refusals are expected; the invariants hold all the same."""

    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.clock = TestClock()
        self.shown: dict[tuple[str, int], int] = {}
        self.acknowledged: dict[int, str] = {}
        self.withdrawn: set[int] = set()
        self.reopened: dict[int, int] = {}

    @initialize()
    def begin(self) -> None:
        from smsvet_api.store.database import open_database
        from smsvet_api.store.store import Store
        from smsvet_api.store.upgrading import upgrade

        folder = self.open.enter_context(TemporaryDirectory())
        url = self.open.enter_context(new_database(self.kind, Path(folder)))
        database = open_database(url, "en")
        self.open.callback(database.dispose)
        upgrade(database)
        self.desk = Desk(Store(database, self.clock))
        set_rates(self.desk.store)
        for name, role in PEOPLE.items():
            self.desk.person(name, role)  # type: ignore[arg-type]
        self.desk.webhook()
        self.cases = [self.desk.case(*findings) for findings in ((MANUAL,), (REJECT,), ())]
        self.machine = self.verdicts()

    def teardown(self) -> None:
        self.open.close()

    def verdicts(self) -> list[Any]:
        from smsvet_api.store.submissions.tables import verdicts

        return self.desk.rows(sa.select(verdicts).order_by(verdicts.c.id))

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
    def at_most_one_resolution_is_in_force(self) -> None:
        for case in self.cases:
            standing = [one for one in self.desk.resolutions(case) if one.withdrawn_at is None]
            decided = self.desk.row(case).state == "decided"
            assert len(standing) == self.reopened.get(case, 0) + decided

    @invariant()
    def no_acknowledged_decision_is_lost(self) -> None:
        for case in self.cases:
            for one in self.desk.resolutions(case):
                assert self.acknowledged[one.id] == one.decision
                assert (one.withdrawn_at is not None) == (one.id in self.withdrawn)

    @invariant()
    def the_machine_s_verdicts_never_change(self) -> None:
        assert self.verdicts() == self.machine

    @invariant()
    def no_message_of_a_withdrawn_decision_is_sent(self) -> None:
        for one in self.desk.outbox():
            assert one.resolution_id not in self.withdrawn or one.state == "withdrawn"

    @invariant()
    def the_status_is_that_of_the_decision_in_force(self) -> None:
        for case in self.cases:
            standing = [one for one in self.desk.resolutions(case) if one.withdrawn_at is None]
            decided = self.desk.row(case).state == "decided"
            expected = (
                {"approve": "approved", "reject": "rejected"}[standing[-1].decision]
                if decided
                else "in_review"
            )
            assert self.desk.submission(case).status == expected

    @invariant()
    def the_trail_has_every_decision_and_verifies(self) -> None:
        assert_chain(self.desk, len(self.acknowledged), len(self.withdrawn))


def assert_chain(desk: Desk, decided: int, withdrawn: int) -> None:
    from smsvet_api.store.trail.events import ROOT, event_hash
    from smsvet_api.store.trail.tables import events

    prev, kinds = ROOT, []
    for row in desk.rows(sa.select(events).order_by(events.c.seq)):
        assert (row.seq, row.prev) == (len(kinds) + 1, prev)
        prev = event_hash(row.seq, row.at, row.actor, row.kind, row.subject, row.body, row.prev)
        assert row.hash == prev
        kinds.append(row.kind)
    assert (kinds.count("case.decided"), kinds.count("decision.withdrawn")) == (decided, withdrawn)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_any_order_of_work(kind: str) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    class OnThis(Work):
        pass

    OnThis.kind = kind
    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
