"""Receives submissions and records the machine's verdict on them, each submission once.

A submission is stored before it is reviewed, so that two requests with the same id meet at the constraint of the
database. The review runs between the two transactions. A submission whose process ended there is reviewed at its
next repeat, or by the sweep of a running service.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from smsvet.model import Decision

from ..accounts.users import User
from ..cases.opening import open_case
from ..cases.sla import due_at
from ..errors import ConflictError
from ..store import Store
from ..trail.events import append, digest_of
from ..webhooks.kinds import DECIDED, IN_REVIEW, status_message
from ..webhooks.outbox import enqueue
from .drafts import Draft
from .tables import STATUS_OF, submissions, verdict_rules, verdicts

SETTLED: Final = timedelta(seconds=30)
"""Age from which a submission without a verdict is one that no process is reviewing."""


@dataclass(frozen=True, slots=True)
class Received:
    """A stored submission.

    `new`: this request stored it; `pending`: an earlier one did, and there is no verdict yet; `judged`: it has a verdict.
    """

    id: int
    state: Literal["new", "pending", "judged"]
    document: dict[str, Any]
    """As stored, with its id. Empty once retention deleted the text."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A stored submission without a verdict."""

    id: int
    document: dict[str, Any]
    kind: str
    provider: str


def receive(store: Store, user: User, draft: Draft) -> Received:
    """Store a submission, or find the one that the user stored with the same id.

    Without an id the server makes one. Raises ConflictError `id-reused` if the stored one has other content.
    """
    client_id = str(draft.document.get("id") or f"sub_{secrets.token_urlsafe(18)}")
    document = {**draft.document, "id": client_id}
    digest = request_digest(document)
    if (earlier := _earlier(store, user.id, client_id, digest)) is not None:
        return earlier
    try:
        with store.database.transaction() as connection:
            inserted = connection.execute(
                submissions.insert()
                .values(row_of_draft(draft, user.id, client_id, store.now(), "received"))
                .returning(submissions.c.id)
            )
            return Received(int(inserted.scalar_one()), "new", document)
    except IntegrityError:
        earlier = _earlier(store, user.id, client_id, digest)
        if earlier is None:  # not the constraint on the id
            raise
        return earlier


def record_verdict(
    store: Store, submission_id: int, verdict: Mapping[str, Any], cluster: str | None = None
) -> bool:
    """Store the machine's verdict, given as JSON; return False if the submission has one already, which stays.

    One transaction stores the verdict, its rules, the case for `manual_review`, the event and the messages. A verdict
    with a fault is stored as it is: its decision is `manual_review`, so a person decides, and rules that did not run
    have no row.
    """
    with store.database.transaction() as connection:
        submission = connection.execute(
            sa.select(submissions).where(submissions.c.id == submission_id).with_for_update()
        ).one()
        if submission.status != "received":
            return False
        at = store.now()
        decision = str(verdict["decision"])
        verdict_id = insert_verdict(connection, submission, verdict, at)
        case_id = None
        if decision == Decision.MANUAL_REVIEW:
            case_id = open_case(
                connection, submission, verdict_id, dict(verdict), at, due_at(connection, at), cluster=cluster
            )
        status = STATUS_OF[decision]
        connection.execute(
            submissions.update()
            .where(submissions.c.id == submission_id)
            .values(status=status, final_at=None if case_id else at)
        )
        kind = IN_REVIEW if case_id else DECIDED
        message = status_message(submission, status, None if case_id else "machine")
        enqueue(connection, submission.owner_id, kind, message, at, at)
        append(
            connection,
            at,
            "system",
            "submission.reviewed",
            f"submission:{submission_id}",
            {
                "owner": submission.owner_id,
                "digest": submission.text_digest,
                "verdict": verdict_id,
                "decision": decision,
                "as_of": verdict["as_of"],
                "revision": verdict["revision"],
                "rules": sorted({finding["rule"] for finding in verdict["findings"]}),
                "faults": sorted({fault["rule"] for fault in verdict["faults"]}),
                "case": case_id,
            },
        )
    return True


def unjudged(store: Store, *, all_ages: bool = False, limit: int = 100) -> list[Unjudged]:
    """Return the oldest submissions without a verdict that no process is reviewing; with `all_ages` the newest too."""
    now = store.now()
    query = sa.select(submissions).where(
        submissions.c.status == "received", submissions.c.document.is_not(None)
    )
    if not all_ages:  # a clock that was set back leaves submissions from the future
        query = query.where(
            sa.or_(submissions.c.received_at < now - SETTLED, submissions.c.received_at > now)
        )
    with store.database.reading() as connection:
        rows = connection.execute(query.order_by(submissions.c.id).limit(limit)).all()
    return [Unjudged(row.id, row.document, row.kind, row.provider) for row in rows]


def row_of_draft(draft: Draft, owner_id: int, client_id: str, at: datetime, status: str) -> dict[str, Any]:
    """Return the row of a submission that is received at a moment, with a new salt."""
    document, salt = {**draft.document, "id": client_id}, secrets.token_hex(16)
    return {
        "owner_id": owner_id,
        "client_id": client_id,
        "request_digest": request_digest(document),
        "received_at": at,
        "salt": salt,
        "text_digest": digest_of(canonical(document), salt),
        "document": document,
        "kind": draft.kind,
        "provider": draft.provider,
        "purpose": draft.purpose,
        "account": draft.account,
        "status": status,
    }


def request_digest(document: Mapping[str, Any]) -> str:
    """Return the digest, in hex, by which a repeated request is recognised: neither order of keys nor blanks count."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def canonical(document: Mapping[str, Any]) -> str:
    """Return a submission as the text of its digests: neither order of keys nor blanks count."""
    # Unlike in the trail, numbers with a fraction are allowed: params may hold any JSON value.
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _earlier(store: Store, owner_id: int, client_id: str, digest: str) -> Received | None:
    with store.database.reading() as connection:
        row = connection.execute(
            sa.select(submissions).where(
                submissions.c.owner_id == owner_id, submissions.c.client_id == client_id
            )
        ).one_or_none()
    if row is None:
        return None
    if row.request_digest != digest:
        raise ConflictError(
            "此 id 已用于另一份内容，请换用新的 id",
            "this id was used for other content: send a new id",
            "id-reused",
        )
    return Received(row.id, "pending" if row.status == "received" else "judged", row.document or {})


def insert_verdict(
    connection: sa.Connection, submission: Any, verdict: Mapping[str, Any], at: datetime
) -> int:
    """Insert a verdict, given as JSON, with its rules within the caller's transaction, and return its id."""
    inserted = connection.execute(
        verdicts.insert()
        .values(
            submission_id=submission.id,
            at=at,
            decision=verdict["decision"],
            as_of=verdict["as_of"],
            revision=verdict["revision"],
            document=dict(verdict),
        )
        .returning(verdicts.c.id)
    )
    verdict_id = int(inserted.scalar_one())
    strictest: dict[str, Decision] = {}
    for finding in verdict["findings"]:
        decision = Decision(finding["decision"])
        strictest[finding["rule"]] = max(decision, strictest.get(finding["rule"], decision))
    decisive = [rule for rule, decision in strictest.items() if decision == verdict["decision"]]
    alone = decisive[0] if len(decisive) == 1 and not verdict["faults"] else None
    if strictest:
        connection.execute(
            verdict_rules.insert(),
            [
                {
                    "verdict_id": verdict_id,
                    "rule": rule,
                    "decision": decision.value,
                    "alone": rule == alone,
                    "decisive": rule in decisive,
                    "at": at,
                    "provider": submission.provider,
                    "purpose": submission.purpose,
                }
                for rule, decision in strictest.items()
            ],
        )
    return verdict_id
