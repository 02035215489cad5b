"""Users and cases for the tests in this folder."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..decided import add_user

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.accounts.users import User
    from smsvet_api.store.cases.choice import Choice
    from smsvet_api.store.cases.deciding import Decided
    from smsvet_api.store.store import Store

TEXT = "【云雀科技】您的订单已发货，点击 http://example.com 查看"
REJECT = {"rule": "link/in-template", "decision": "reject"}
MANUAL = {"rule": "contact/add-friend", "decision": "manual_review"}
ADVICE = {"rule": "style/long", "decision": "approve"}


class Desk:
    """A store with people and cases."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.people: dict[str, User] = {}

    def person(self, name: str, role: Role = "reviewer") -> User:
        if name not in self.people:
            self.people[name] = add_user(self.store, name, role)
        return self.people[name]

    def case(
        self,
        *findings: dict[str, Any],
        owner: str = "shop",
        text: str = TEXT,
        priority: int | None = None,
        cluster: str | None = None,
        status: str = "in_review",
        due: datetime | None = None,
        params: dict[str, Any] | None = None,
        **columns: Any,
    ) -> int:
        """Store a submission with the verdict of some findings, and open its case; return the id of the case."""
        from smsvet_api.store.cases.opening import open_case
        from smsvet_api.store.cases.sla import due_at
        from smsvet_api.store.cases.tables import cases
        from smsvet_api.store.submissions.tables import submissions, verdict_rules, verdicts

        at = self.store.now()
        client, salt = secrets.token_hex(8), secrets.token_hex(8)
        strictest = {one["decision"] for one in findings}
        decision = next((one for one in ("reject", "manual_review") if one in strictest), "approve")
        document = {"id": client, "decision": decision, "findings": list(findings), "faults": []}
        row = {"kind": "template", "provider": "tencent", "purpose": "notification"} | columns
        owner_id = self.person(owner, "submitter").id
        with self.store.database.transaction() as connection:
            submission = connection.execute(
                submissions.insert()
                .values(
                    owner_id=owner_id,
                    client_id=client,
                    request_digest="0" * 64,
                    received_at=at,
                    salt=salt,
                    text_digest=secrets.token_hex(32),
                    document={"id": client, "body": text} | ({"params": params} if params else {}),
                    account="云雀科技",
                    status=status,
                    **row,
                )
                .returning(submissions)
            ).one()
            verdict_id = connection.execute(
                verdicts.insert()
                .values(
                    submission_id=submission.id,
                    at=at,
                    decision=decision,
                    as_of="2026-11-28",
                    revision="a" * 64,
                    document=document,
                )
                .returning(verdicts.c.id)
            ).scalar_one()
            for one in findings:
                connection.execute(
                    verdict_rules.insert().values(
                        verdict_id=verdict_id,
                        rule=one["rule"],
                        decision=one["decision"],
                        alone=False,
                        decisive=one["decision"] == decision,
                        at=at,
                        provider=row["provider"],
                        purpose=row["purpose"],
                    )
                )
            case_id = open_case(
                connection,
                submission,
                verdict_id,
                document,
                at,
                due or due_at(connection, at),
                cluster=cluster,
            )
            if priority is not None:
                connection.execute(cases.update().where(cases.c.id == case_id).values(priority=priority))
        return case_id

    def second(self, first: int) -> int:
        """Open the second review of a case."""
        return self._copy(first, {"origin": "second", "blind": True, "first_case_id": first, "cluster": None})

    def golden(self, original: int) -> int:
        """Make a golden item of a case, and show a copy of it."""
        from smsvet_api.store.quality.tables import golden_items, samples
        from smsvet_api.store.submissions.tables import submissions

        at = self.store.now()
        copied = {name: value for name, value in self.submission(original)._mapping.items() if name != "id"}
        copied |= {"client_id": secrets.token_hex(8), "owner_id": self.person("quality", "submitter").id}
        lead = self.person("maker", "lead").id
        with self.store.database.transaction() as connection:
            submission = connection.execute(
                submissions.insert().values(copied).returning(submissions.c.id)
            ).scalar_one()
            golden = connection.execute(
                golden_items.insert()
                .values(case_id=original, decision="reject", user_id=lead, created_at=at)
                .returning(golden_items.c.id)
            ).scalar_one()
        case = self._copy(original, {"origin": "golden", "submission_id": submission})
        with self.store.database.transaction() as connection:
            connection.execute(
                samples.insert().values(case_id=case, kind="golden", golden_id=golden, created_at=at)
            )
        return case

    def _copy(self, case_id: int, values: dict[str, Any]) -> int:
        from smsvet_api.store.cases.tables import cases

        fresh = {"state": "open", "version": 1, "holder_id": None, "locked_at": None, "locked_until": None}
        with self.store.database.transaction() as connection:
            row = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one()
            copied = {name: value for name, value in row._mapping.items() if name != "id"} | fresh | values
            copied["decided_at"] = None
            return int(connection.execute(cases.insert().values(copied).returning(cases.c.id)).scalar_one())

    def webhook(self, owner: str = "shop") -> None:
        from smsvet_api.store.webhooks.tables import webhooks

        owner_id = self.person(owner, "submitter").id
        with self.store.database.transaction() as connection:
            connection.execute(
                webhooks.insert().values(
                    owner_id=owner_id,
                    url="https://shop.example/hook",
                    events=[],
                    secret="whsec_x",
                    created_at=self.store.now(),
                )
            )

    def row(self, case_id: int) -> Any:
        from smsvet_api.store.cases.tables import cases

        return self.rows(sa.select(cases).where(cases.c.id == case_id))[0]

    def submission(self, case_id: int) -> Any:
        from smsvet_api.store.submissions.tables import submissions

        return self.rows(sa.select(submissions).where(submissions.c.id == self.row(case_id).submission_id))[0]

    def resolutions(self, case_id: int) -> list[Any]:
        from smsvet_api.store.cases.tables import resolutions

        return self.rows(
            sa.select(resolutions).where(resolutions.c.case_id == case_id).order_by(resolutions.c.id)
        )

    def outbox(self) -> list[Any]:
        from smsvet_api.store.webhooks.tables import outbox

        return self.rows(sa.select(outbox).order_by(outbox.c.id))

    def kinds(self, case_id: int) -> list[str]:
        """Return the kinds of the events of a case."""
        from smsvet_api.store.trail.tables import events

        found = sa.select(events).where(events.c.subject == f"case:{case_id}").order_by(events.c.seq)
        return [row.kind for row in self.rows(found)]

    def rows(self, query: Any) -> list[Any]:
        with self.store.database.reading() as connection:
            return list(connection.execute(query).all())

    def decide(
        self,
        user: User,
        case_id: int,
        choice: Choice | None = None,
        version: int | None = None,
        idem: str = "",
    ) -> Decided:
        from smsvet_api.store.cases.deciding import decide

        return decide(
            self.store,
            user,
            case_id,
            self.row(case_id).version if version is None else version,
            choice or approve(),
            idem or secrets.token_hex(8),
        )


def approve(**fields: Any) -> Choice:
    from smsvet_api.store.cases.choice import Choice

    return Choice("approve", **fields)


def reject(*reasons: str, **fields: Any) -> Choice:
    from smsvet_api.store.cases.choice import Choice

    return Choice("reject", reasons or ("link/in-template",), **fields)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)
