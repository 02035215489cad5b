"""Fills a database with submissions, cases, decisions, appeals and webhooks of the past weeks, to try the service with.

    python -m bench.demo_data --submissions 2000 --seed 1

The texts are those of corpora/labelled. The same seed gives the same submissions.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import sys
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from smsvet import Reviewer
from smsvet_api.cli.database_option import chosen_database
from smsvet_api.cli.options import configured
from smsvet_api.http.judging import judge, read_draft
from smsvet_api.store.accounts.roles import SCOPES_OF, Role
from smsvet_api.store.accounts.users import User, add_user, list_users
from smsvet_api.store.cases.appeals import appeal
from smsvet_api.store.cases.choice import Choice, Decision, needs_overturn
from smsvet_api.store.cases.claiming import claim_next, skip
from smsvet_api.store.cases.deciding import decide, undo
from smsvet_api.store.cases.filters import Filters
from smsvet_api.store.cases.tables import cases
from smsvet_api.store.cases.view import CaseView, view_case
from smsvet_api.store.database import Database, open_database
from smsvet_api.store.errors import StoreError
from smsvet_api.store.store import Store
from smsvet_api.store.submissions.status import read_status
from smsvet_api.store.submissions.submitting import receive, record_verdict
from smsvet_api.store.trail.checkpoints import take_checkpoint
from smsvet_api.store.upgrading import upgrade
from smsvet_api.store.webhooks.delivering import Attempt, claim_due, record_attempt
from smsvet_api.store.webhooks.endpoints import add_endpoint
from smsvet_api.store.webhooks.kinds import DECIDED, IN_REVIEW

LABELLED = Path(__file__).parents[1] / "corpora/labelled"
PEOPLE: dict[str, Role] = {
    "shop-yunque": "submitter", "shop-baihe": "submitter", "shop-qingshan": "submitter", "lin": "reviewer",
    "mo": "reviewer", "chen": "reviewer", "zhao": "lead", "rules": "rule_manager", "audit": "auditor",
}  # fmt: skip
DAYS = 21
SHARES = {"approve": 0.7, "manual_review": 0.2, "reject": 0.1}
"""Of the decisions with which the texts are labelled."""
APPEALED, UNDONE, SKIPPED, FAILED = 0.2, 0.02, 0.03, 0.06
LEFT, BACKLOG = 40, 1
"""Greatest numbers of cases that wait at the end, and before."""
RUSH, RUSH_HOURS = 0.1, 3.5
"""Share of the submissions that come in the last hours."""


class Clock:
    """The time of the story, which only goes forward."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return the time."""
        return self.at

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@dataclass
class Story:
    """Who does what, in the order of time."""

    store: Store
    clock: Clock
    chance: random.Random
    reviewer: Reviewer
    users: dict[str, User]
    counts: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    appeals: list[tuple[datetime, int, str]] = field(default_factory=list)
    """Times of appeals to come, with the submission and its owner."""

    def submit(self, number: int, labelled: dict[str, Any]) -> None:
        """Store and review one submission."""
        owner = self.chance.choice([name for name, role in PEOPLE.items() if role == "submitter"])
        document = {**labelled["submission"], "id": f"demo-{number:05}"}
        draft = read_draft(self.reviewer, json.dumps(document).encode(), "en")
        received = receive(self.store, self.users[owner], draft)
        self.clock.forward(0.05)
        judged = judge(self.reviewer, received.document, "en")
        record_verdict(self.store, received.id, judged.verdict, judged.cluster)
        decision = judged.verdict["decision"]
        self.counts[f"submissions: {decision}"] += 1
        self.waiting += decision == "manual_review"
        if decision == "reject" and self.chance.random() < APPEALED / 4:
            self.plan_appeal(received.id, owner)

    def plan_appeal(self, submission_id: int, owner: str) -> None:
        """Let the owner appeal some hours later."""
        at = self.clock() + timedelta(hours=self.chance.uniform(1, 30))
        heapq.heappush(self.appeals, (at, submission_id, owner))

    def appeal(self) -> None:
        """Make the appeals whose time has come."""
        while self.appeals and self.appeals[0][0] <= self.clock():
            _, submission_id, owner = heapq.heappop(self.appeals)
            try:
                appeal(self.store, self.users[owner], submission_id, "已补充授权书，请复核。")
            except StoreError:
                continue  # not rejected any more
            self.counts["appeals"] += 1
            self.waiting += 1

    def review(self) -> None:
        """Claim a case for some reviewer, and decide it."""
        user = self.users[self.chance.choice(["lin", "mo", "chen", "zhao"])]
        claim = claim_next(self.store, user, Filters(due="overdue")) or claim_next(self.store, user)
        if claim is None:
            return
        self.clock.forward(self.chance.uniform(15, 150))
        if self.chance.random() < SKIPPED:
            skip(self.store, user, claim.case_id)
            return
        view = view_case(self.store, user, claim.case_id)
        choice = self.choice(view)
        made = decide(self.store, user, claim.case_id, claim.version, choice, self.idem())
        if self.chance.random() < UNDONE:
            self.clock.forward(8)
            withdrawn = undo(self.store, user, claim.case_id)
            self.counts["undone"] += 1
            made = decide(self.store, user, claim.case_id, withdrawn.version, choice, self.idem())
        self.waiting -= 1
        self.counts[f"decisions: {made.decision}"] += 1
        if made.decision == "reject" and self.chance.random() < APPEALED and view.origin == "verdict":
            submission_id = self.submission_of(claim.case_id)
            owner = self.owner(submission_id)
            if owner is not None:
                self.plan_appeal(submission_id, owner)

    def choice(self, view: CaseView) -> Choice:
        """Return what a reviewer decides: mostly the strictest finding, sometimes not."""
        document = dict(view.verdict) if view.verdict is not None else None
        findings = [] if document is None else document["findings"]
        serious = [one for one in findings if one["decision"] != "approve"]
        rejects = any(one["decision"] == "reject" for one in serious) or self.chance.random() < 0.35
        decision: Decision = "reject" if rejects and (serious or document is None) else "approve"
        if rejects and self.chance.random() < 0.1:
            decision = "approve"
        reasons = tuple(sorted({one["rule"] for one in serious})) or ("house/content",)
        probe = Choice(decision, reasons if decision == "reject" else ())
        if document is not None and needs_overturn(document, probe):
            return Choice(probe.decision, probe.reasons, "false_alarm")
        return probe

    def submission_of(self, case_id: int) -> int:
        """Return the submission of a case; the view of a case leaves it out."""
        with self.store.database.reading() as connection:
            return int(
                connection.execute(sa.select(cases.c.submission_id).where(cases.c.id == case_id)).scalar_one()
            )

    def owner(self, submission_id: int) -> str | None:
        """Return the submitter of a submission."""
        for name, user in self.users.items():
            if user.role == "submitter":
                try:
                    read_status(self.store, user, submission_id, "zh")
                except StoreError:
                    continue
                return name
        return None

    def deliver(self) -> None:
        """Deliver the messages that are due, some of them in vain."""
        for message in claim_due(self.store, 200):
            failed = self.chance.random() < FAILED
            attempt = Attempt(503 if failed else 200, self.chance.randint(20, 400), "" if failed else "ok")
            record_attempt(self.store, message, attempt)
            self.counts["messages: failed attempts" if failed else "messages: sent"] += 1

    def idem(self) -> str:
        """Return the value of a form."""
        return uuid.UUID(int=self.chance.getrandbits(128)).hex


def main() -> None:
    """Fill the database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="URL; else that of `smsvet serve`")
    options = parser.parse_args()
    url = chosen_database(options.database, configured("en"))
    if url is None:
        sys.exit("no database is configured: give --database")
    database = open_database(url, "en")
    passwords, counts = fill(database, options.submissions, options.seed)
    print(f"filled {database.shown}")
    for name, number in sorted(counts.items()):
        print(f"  {number:6,} {name}")
    print("one-time passwords:")
    for name, password in passwords.items():
        print(f"  {name:14} {PEOPLE[name]:13} {password}")


def fill(database: Database, number: int, seed: int) -> tuple[dict[str, str], Counter[str]]:
    """Tell the story of the past weeks; return the one-time passwords of its people, and what happened how often."""
    chance = random.Random(seed)
    end = datetime.now(UTC)
    clock = Clock(end - timedelta(days=DAYS))
    store = Store(database, clock)
    upgrade(database)
    if {account.name for account in list_users(store)} & set(PEOPLE):
        sys.exit(f"{database.shown}: has the demo data already")
    users, passwords = {}, {}
    for name, role in PEOPLE.items():
        account, password = add_user(store, name, role, "command")
        users[name] = User(account.id, name, role, SCOPES_OF[role])
        passwords[name] = str(password)
    story = Story(store, clock, chance, Reviewer(), users)
    for name in ("shop-yunque", "shop-baihe"):
        add_endpoint(store, users[name], f"https://{name}.invalid/smsvet", [DECIDED, IN_REVIEW])
    labelled = _labelled()
    rush = DAYS * 86_400 - RUSH_HOURS * 3600
    ranges = [(rush, DAYS * 86_400) if one < number * RUSH else (0, rush) for one in range(number)]
    times = sorted(chance.uniform(*bounds) for bounds in ranges)
    begun = clock()
    for count, seconds in enumerate(times, start=1):
        clock.at = max(clock(), begun + timedelta(seconds=seconds))
        (decision,) = chance.choices(list(SHARES), list(SHARES.values()))
        story.submit(count, chance.choice(labelled[decision]))
        story.appeal()
        for _ in range(2):
            if story.waiting > (LEFT if seconds > rush else BACKLOG):
                story.review()
        if count % 25 == 0:
            story.deliver()
    clock.at = max(clock(), end)
    story.counts["cases waiting"] = story.waiting
    story.counts["events"] = take_checkpoint(store).seq
    return passwords, story.counts


def _labelled() -> dict[str, list[dict[str, Any]]]:
    """Return the labelled submissions by the mildest decision of their label."""
    found: dict[str, list[dict[str, Any]]] = {decision: [] for decision in SHARES}
    for file in sorted(LABELLED.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            found[one["decision"].split("|")[0]].append(one)
    return found


if __name__ == "__main__":
    main()
