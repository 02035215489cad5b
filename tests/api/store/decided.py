"""Users, submissions with verdicts, cases and decisions, for the tests of review quality."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smsvet_api.store.accounts.users import User
    from smsvet_api.store.store import Store

TEXT = "【云雀科技】您的订单已发货，点击 http://example.com 查看"
FINDING = {"rule": "link/in-template", "decision": "reject"}


def add_user(store: Store, name: str, role: str = "reviewer") -> User:
    import sqlalchemy as sa

    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.accounts.users import user_of

    with store.database.transaction() as connection:
        number = connection.execute(
            users.insert()
            .values(name=name, role=role, must_change=False, created_at=store.now(), preferences={})
            .returning(users.c.id)
        ).scalar_one()
        return user_of(connection.execute(sa.select(users).where(users.c.id == number)).one())


def add_case(
    store: Store,
    owner: User,
    *,
    kind: str = "template",
    decision: str = "reject",
    findings: tuple[dict[str, Any], ...] = (FINDING,),
    text: str = TEXT,
    revision: str = "a" * 64,
) -> int:
    """Store a submission with its verdict and rules, and open its case; return the id of the case."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.opening import open_case
    from smsvet_api.store.submissions.tables import submissions, verdict_rules, verdicts

    at = store.now()
    client_id, salt = secrets.token_hex(8), secrets.token_hex(16)
    document = {"id": client_id, "decision": decision, "findings": list(findings), "faults": []}
    with store.database.transaction() as connection:
        submission_id = connection.execute(
            submissions.insert()
            .values(
                owner_id=owner.id,
                client_id=client_id,
                request_digest="0" * 64,
                received_at=at,
                salt=salt,
                text_digest=secrets.token_hex(32),
                document={"id": client_id, "body": text, "provider": "tencent"},
                kind=kind,
                provider="tencent",
                purpose="notification",
                status="in_review",
            )
            .returning(submissions.c.id)
        ).scalar_one()
        verdict_id = connection.execute(
            verdicts.insert()
            .values(
                submission_id=submission_id,
                at=at,
                decision=decision,
                as_of="2026-11-28",
                revision=revision,
                document=document,
            )
            .returning(verdicts.c.id)
        ).scalar_one()
        rules = {finding["rule"]: finding["decision"] for finding in findings}
        for rule, asked in rules.items():
            alone = asked == decision and list(rules.values()).count(decision) == 1
            connection.execute(
                verdict_rules.insert().values(
                    verdict_id=verdict_id,
                    rule=rule,
                    decision=asked,
                    alone=alone,
                    decisive=asked == decision,
                    at=at,
                    provider="tencent",
                    purpose="notification",
                )
            )
        row = connection.execute(sa.select(submissions).where(submissions.c.id == submission_id)).one()
        return open_case(connection, row, verdict_id, document, at, at + timedelta(hours=4), cluster="c" * 64)


def decide(
    store: Store,
    case_id: int,
    user: User,
    decision: str,
    *,
    overturn: str | None = None,
    note: str = "",
    seconds: int = 30,
) -> Any:
    """Decide a case as the service does, `seconds` after it was claimed; return what the sampling returns."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import cases, resolutions
    from smsvet_api.store.quality.sampling import after_decision

    at = store.now()
    with store.database.transaction() as connection:
        connection.execute(
            cases.update()
            .where(cases.c.id == case_id)
            .values(state="decided", decided_at=at, locked_at=at - timedelta(seconds=seconds))
        )
        resolution = connection.execute(
            resolutions.insert()
            .values(
                case_id=case_id,
                user_id=user.id,
                idem=secrets.token_hex(16),
                decision=decision,
                reasons=[],
                overturn=overturn,
                note=note,
                message="",
                at=at,
                final_at=at + timedelta(seconds=15),
            )
            .returning(resolutions)
        ).one()
        case = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one()
        return after_decision(connection, at, case, resolution, user)


def withdraw(store: Store, case_id: int, user: User) -> None:
    """Withdraw a user's decision as the service does."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import cases, resolutions
    from smsvet_api.store.quality.sampling import after_withdrawal

    with store.database.transaction() as connection:
        connection.execute(
            resolutions.update()
            .where(
                resolutions.c.case_id == case_id,
                resolutions.c.user_id == user.id,
                resolutions.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=store.now())
        )
        connection.execute(cases.update().where(cases.c.id == case_id).values(state="open"))
        case = connection.execute(sa.select(cases).where(cases.c.id == case_id)).one()
        after_withdrawal(connection, store.now(), case)


def set_rates(store: Store, second: int = 0, golden: int = 0) -> None:
    """Set the rates of sampling, in hundredths of a percent."""
    from smsvet_api.store.quality.rates import Rates, write_rates

    with store.database.transaction() as connection:
        write_rates(connection, Rates(second=second, golden=golden))


def cases_of(store: Store, origin: str) -> list[Any]:
    """Return the rows of the cases of an origin."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import cases

    with store.database.reading() as connection:
        found = connection.execute(sa.select(cases).where(cases.c.origin == origin).order_by(cases.c.id))
        return list(found.all())


def open_to(store: Store, user: User) -> set[int]:
    """Return the ids of the undecided cases that a user may decide."""
    import sqlalchemy as sa

    from smsvet_api.store.cases.tables import cases
    from smsvet_api.store.quality.eligibility import open_to

    with store.database.reading() as connection:
        found = sa.select(cases.c.id).where(cases.c.state != "decided", open_to(user.id))
        return set(connection.execute(found).scalars())
