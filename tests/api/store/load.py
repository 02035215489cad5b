"""Submits and decides over HTTP in threads, and remembers what the service acknowledged."""

from __future__ import annotations

import itertools
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from smsvet_api.store.store import Store

TEXTS = ("您的会员已到期，添加微信客服{1}续费", "您的验证码是{1}，{2}分钟内有效。", "点击{1}领取奖励")
"""For a person, approved, rejected."""
_PATIENCE = 60


@dataclass
class Acknowledged:
    """Answers of the service: submissions with their numbers and decisions with theirs, and the statuses of all."""

    submissions: dict[str, int] = field(default_factory=dict)
    decisions: dict[int, int] = field(default_factory=dict)
    """Resolution -> case."""
    statuses: set[int] = field(default_factory=set)


def add_keys(store: Store) -> dict[str, str]:
    """Add a submitter and two reviewers; return a key of each."""
    from smsvet_api.store.accounts.keys import add_key

    from .decided import add_user

    return {
        name: add_key(store, add_user(store, name, role).id, "load", [scope], "command")  # type: ignore[list-item]
        for name, role, scope in (
            ("shop", "submitter", "submit"),
            ("lin", "reviewer", "review"),
            ("mo", "reviewer", "review"),
        )
    }


class Load:
    """Two submitters and two reviewers who work until `stop`."""

    def __init__(self, url: str, keys: dict[str, str]) -> None:
        self.url = url
        self.keys = keys
        self.acknowledged = Acknowledged()
        self._stopped = Event()
        self._threads = [Thread(target=self._submit, args=(number,)) for number in range(2)]
        self._threads += [Thread(target=self._review, args=(name,)) for name in ("lin", "mo")]
        for thread in self._threads:
            thread.start()

    def stop(self) -> Acknowledged:
        """End the threads and return the acknowledged."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        return self.acknowledged

    def post(self, client: httpx.Client, who: str, path: str, body: dict[str, Any]) -> Any:
        """Return the answer to an accepted request; None if it was refused, or its connection broke."""
        with suppress(httpx.TransportError):
            answer = client.post(
                f"{self.url}{path}", json=body, headers={"authorization": f"Bearer {self.keys[who]}"}
            )
            self.acknowledged.statuses.add(answer.status_code)
            if answer.is_success:
                return answer.json() if answer.content else {}
        self._stopped.wait(0.05)
        return None

    def _submit(self, number: int) -> None:
        with httpx.Client(timeout=_PATIENCE) as client:
            for count in itertools.count():
                if self._stopped.is_set():
                    return
                name = f"load-{number}-{count}"
                body = {"id": name, "body": TEXTS[count % len(TEXTS)], "purpose": "notification"}
                if answer := self.post(client, "shop", "/v1/submissions", body):
                    self.acknowledged.submissions[name] = answer["submission"]

    def _review(self, who: str) -> None:
        with httpx.Client(timeout=_PATIENCE) as client:
            while not self._stopped.is_set():
                claim = (self.post(client, who, "/v1/cases/claim-next", {}) or {}).get("claim")
                if not claim:
                    self._stopped.wait(0.05)
                    continue
                body = {"version": claim["version"], "idem": secrets.token_hex(16), "decision": "approve"}
                if answer := self.post(client, who, f"/v1/cases/{claim['case_id']}/decide", body):
                    self.acknowledged.decisions[answer["resolution_id"]] = claim["case_id"]


def lost(store: Store, acknowledged: Acknowledged) -> list[str]:
    """Return the acknowledged that the database does not have, as sentences."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import resolutions
    from smsvet_api.store.submissions.tables import submissions, verdicts
    from smsvet_api.store.trail.tables import events

    with store.database.reading() as connection:
        judged = sa.select(submissions.c.client_id, submissions.c.id).join(
            verdicts, verdicts.c.submission_id == submissions.c.id
        )
        stored = {row.client_id: row.id for row in connection.execute(judged)}
        made = sa.select(resolutions.c.id, resolutions.c.case_id)
        decided = {row.id: row.case_id for row in connection.execute(made)}
        recorded = set(
            connection.execute(
                sa.select(events.c.subject).where(events.c.kind.in_(("submission.reviewed", "case.decided")))
            ).scalars()
        )
    missing = [
        f"submission {name}" for name, one in acknowledged.submissions.items() if stored.get(name) != one
    ]
    missing += [f"decision {one}" for one, case in acknowledged.decisions.items() if decided.get(one) != case]
    subjects = {f"submission:{one}" for one in acknowledged.submissions.values()}
    subjects |= {f"case:{one}" for one in acknowledged.decisions.values()}
    return missing + [f"event of {subject}" for subject in sorted(subjects - recorded)]
