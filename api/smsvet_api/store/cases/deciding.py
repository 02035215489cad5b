"""Decisions: stored once, refused if somebody else changed the case, and withdrawn within seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import exc

from ..accounts.users import User
from ..errors import ConflictError
from ..instants import text_of
from ..quality.sampling import GoldenAnswer, after_decision, after_withdrawal
from ..store import Store
from ..submissions.tables import STATUS_OF, submissions, verdicts
from ..trail.events import append, digest_of
from ..webhooks.kinds import DECIDED, status_message
from ..webhooks.outbox import enqueue
from ..webhooks.tables import outbox
from .actions import case_for, require
from .case import PRIVATE, Case
from .choice import Choice, check_choice, check_overturn
from .claiming import BACK, FREE, change_case, lock_for, note_activity
from .tables import cases, resolutions

UNDO: Final = timedelta(seconds=15)
"""So long a decision can be withdrawn; nothing about it is sent before."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A stored decision."""

    case_id: int
    resolution_id: int
    decision: str
    version: int
    at: datetime
    final_at: datetime
    """Until then it can be undone."""
    replayed: bool
    """The same request was answered before."""
    golden: GoldenAnswer | None = None
    """The answer to a golden item."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A decision that was undone, to fill the form again. The case is claimed by the user."""

    case_id: int
    version: int
    locked_until: datetime
    choice: Choice


class VersionConflictError(ConflictError):
    """Somebody else changed the case after it was shown. `extension` has both decisions for the problem document."""

    def __init__(self, case: Case, choice: Choice) -> None:
        theirs = case.resolution
        who = theirs.user if theirs else case.holder
        super().__init__(
            f"{who or '他人'} 已{'处理' if theirs else '变更'}此案件",
            f"{who or 'somebody else'} has {'decided' if theirs else 'changed'} the case",
            "version-conflict",
        )
        found: dict[str, Any] = {"user": who, "decision": None, "at": None}
        if theirs is not None:
            found |= {"decision": theirs.decision, "at": text_of(theirs.at)}
        self.extension = {
            "conflict": {
                "version": case.version, "state": case.state, "theirs": found, "yours": {"decision": choice.decision},
            }
        }  # fmt: skip


def decide(store: Store, user: User, case_id: int, version: int, choice: Choice, idem: str) -> Decided:
    """Store a decision on a case and return it. The same `idem` again returns the first answer.

    `version` is that of the case as it was shown. It is accepted also when the lock has run out, as long as nobody else
    has claimed or changed the case. Raises NotFoundError, ForbiddenError, RefusedError, ConflictError and
    VersionConflictError.
    """
    check_choice(choice, idem)
    at = store.now()
    try:
        with store.database.transaction() as connection:
            case = case_for(connection, case_id, user, at)
            before = _replayed(connection, case, user, choice, idem)
            if before is not None:
                return before
            if case.version != version:
                raise VersionConflictError(case, choice)
            require(case, user, at, "decide")
            document = connection.execute(
                sa.select(verdicts.c.document).where(verdicts.c.id == case.row.verdict_id)
            ).scalar_one()
            check_overturn(document, choice, blind=case.row.blind)
            made, golden = resolve(connection, case.row, user, choice, idem, at)
            return _decided(made, version + 1, replayed=False, golden=golden)
    except exc.IntegrityError as error:
        if "idem" not in str(error.orig):
            raise
        raise idem_reused() from error  # the same value at the same time on another case


def resolve(
    connection: sa.Connection,
    row: Any,
    user: User,
    choice: Choice,
    idem: str,
    at: datetime,
    bulk_id: str | None = None,
) -> tuple[Any, GoldenAnswer | None]:
    """Store a resolution, its event and messages, the new status and state, within the caller's transaction.

    Return its row, and the answer of a golden item. `row` is the row of a case that the caller has locked.
    """
    final_at = at + UNDO
    made = connection.execute(
        resolutions.insert()
        .values(
            case_id=row.id,
            user_id=user.id,
            idem=idem,
            decision=choice.decision,
            reasons=list(choice.reasons),
            overturn=choice.overturn,
            note=choice.note,
            message=choice.message,
            at=at,
            final_at=final_at,
            bulk_id=bulk_id,
        )
        .returning(resolutions)
    ).one()
    decided = FREE | {"state": "decided", "decided_at": at, "version": row.version + 1}
    if row.holder_id == user.id:  # how long it took counts from the claim
        decided["locked_at"] = row.locked_at
    change_case(connection, row.id, decided)
    # Rows before the trail: its head is the last lock, so that no two transactions wait for each other.
    submission = connection.execute(
        sa.select(submissions).where(submissions.c.id == row.submission_id).with_for_update(key_share=True)
    ).one()
    if row.origin not in PRIVATE:
        _tell(connection, submission, made, at)
    body = {
        "submission": row.submission_id,
        "verdict": row.verdict_id,
        "resolution": made.id,
        "decision": choice.decision,
        "reasons": list(choice.reasons),
        "overturn": choice.overturn,
        "bulk": bulk_id,
    }
    if submission.salt is not None:
        body |= {name: digest_of(getattr(choice, name), submission.salt) for name in ("note", "message")}
    append(connection, at, user.actor, "case.decided", f"case:{row.id}", body)
    return made, after_decision(connection, at, row, made, user)


def _tell(connection: sa.Connection, submission: Any, made: Any, at: datetime) -> None:
    """Set the submitter's status, and store the messages for the submitter's system."""
    status = STATUS_OF[made.decision]
    connection.execute(
        submissions.update()
        .where(submissions.c.id == submission.id)
        .values(status=status, final_at=made.final_at)
    )
    data = status_message(submission, status, "person", made.message)
    enqueue(connection, submission.owner_id, DECIDED, data, at, made.final_at, made.id)


def undo(store: Store, user: User, case_id: int) -> Withdrawn:
    """Withdraw one's own decision within 15 s. The case is open again and claimed by the user, who gets the form back.

    Raises NotFoundError, ForbiddenError and ConflictError, with the name `too-late` afterwards.
    """
    at = store.now()
    with store.database.transaction() as connection:
        case = case_for(connection, case_id, user, at, "undo")
        row, choice = withdraw(connection, case, user, at, lock_for(user, at))
        note_activity(connection, at, user, "claim", case_id)
        return Withdrawn(case_id, row.version, row.locked_until, choice)


def withdraw(
    connection: sa.Connection, case: Case, user: User, at: datetime, holder: Mapping[str, Any]
) -> tuple[Any, Choice]:
    """Withdraw the decision in force of a case within the caller's transaction; return the row of the case and the choice.

    `case` is one that the caller has locked and whose decision `user` may undo; `holder` has the columns of the lock.
    """
    if case.resolution is None:
        raise AssertionError("a decision to undo is in force")
    # The dispatcher locks the messages that it sends: this waits for it, or takes them first.
    taken = connection.execute(
        outbox.update()
        .where(outbox.c.resolution_id == case.resolution.id, outbox.c.state == "waiting")
        .values(state="withdrawn")
        .returning(outbox.c.id)
    ).all()
    made = connection.execute(
        resolutions.update()
        .where(resolutions.c.id == case.resolution.id)
        .values(withdrawn_at=at)
        .returning(resolutions)
    ).one()
    values = {**holder, "state": BACK, "decided_at": None, "version": case.version + 1}
    row = change_case(connection, case.id, values)
    if case.origin not in PRIVATE:
        connection.execute(
            submissions.update()
            .where(submissions.c.id == row.submission_id)
            .values(_status_without(connection, row))
        )
    append(
        connection,
        at,
        user.actor,
        "decision.withdrawn",
        f"case:{case.id}",
        {"resolution": made.id, "decision": made.decision, "messages": len(taken)},
    )
    after_withdrawal(connection, at, row)
    return row, Choice(made.decision, tuple(made.reasons), made.overturn, made.note, made.message)


def _status_without(connection: sa.Connection, row: Any) -> Mapping[str, Any]:
    """Return the submitter's status, and since when it is final, once the decision on a case was withdrawn."""
    waiting = {"status": "in_review", "final_at": None}
    if row.origin in ("verdict", "appeal"):
        return waiting
    found = connection.execute(
        sa.select(resolutions.c.case_id, resolutions.c.decision, resolutions.c.final_at)
        .join(cases, cases.c.id == resolutions.c.case_id)
        .where(
            cases.c.submission_id == row.submission_id,
            cases.c.origin.not_in(PRIVATE),
            resolutions.c.withdrawn_at.is_(None),
        )
        .order_by(resolutions.c.id.desc())
        .limit(1)
    ).one_or_none()
    if found is not None:  # one of the same case was there before the case was reopened
        reopened = found.case_id == row.id
        return waiting if reopened else {"status": STATUS_OF[found.decision], "final_at": found.final_at}
    verdict = sa.select(verdicts.c.decision).where(verdicts.c.id == row.verdict_id)
    return {"status": STATUS_OF[connection.execute(verdict).scalar_one()], "final_at": None}


def _replayed(connection: sa.Connection, case: Case, user: User, choice: Choice, idem: str) -> Decided | None:
    row = connection.execute(
        sa.select(resolutions).where(resolutions.c.user_id == user.id, resolutions.c.idem == idem)
    ).one_or_none()
    if row is None:
        return None
    if row.case_id != case.id or row.decision != choice.decision:
        raise idem_reused()
    if row.withdrawn_at is not None:
        raise ConflictError("此决定已撤销", "this decision was withdrawn")
    return _decided(row, case.version, replayed=True)


def _decided(row: Any, version: int, *, replayed: bool, golden: GoldenAnswer | None = None) -> Decided:
    return Decided(row.case_id, row.id, row.decision, version, row.at, row.final_at, replayed, golden)


def idem_reused() -> ConflictError:
    """Return the error for an `idem` that another decision has."""
    return ConflictError("idem 已用于另一个决定", "idem was used for another decision", "id-reused")
