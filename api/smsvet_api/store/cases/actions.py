"""Who may do what with a case. Every function that changes one consults this table, and pages and answers show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

import sqlalchemy as sa

from ..accounts.users import User
from ..errors import ConflictError, ForbiddenError
from .case import LOCKABLE, PRIVATE, Case, load_case, lock_case

Action = Literal[
    "read",
    "claim",
    "heartbeat",
    "release",
    "decide",
    "undo",
    "hold",
    "skip",
    "escalate",
    "object",
    "reopen",
    "reassign",
]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

MOST_HELD: Final = 3
"""Cases that a reviewer may put on hold; one more may be claimed."""
HARD_END: Final = timedelta(minutes=60)
"""After a claim, no heartbeat extends it beyond this time."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action is refused, in both languages. `name` is that of the problem document."""

    name: str
    chinese: str
    english: str


_LEADS_ONLY: Final = Refusal("forbidden", "只有组长可以这样做", "only a lead may do this")

Check = Callable[[Case, User, datetime], Refusal | None]


def actions_for(case: Case, user: User, at: datetime) -> Mapping[Action, Refusal | None]:
    """Return each action with the reason why it is refused, None for an action that is allowed."""
    return {action: refusal(case, user, at, action) for action in ACTIONS}


def refusal(case: Case, user: User, at: datetime, action: Action) -> Refusal | None:
    """Return why an action is refused, None if it is allowed."""
    return next((found for check in _CHECKS[action] if (found := check(case, user, at))), None)


def require(case: Case, user: User, at: datetime, action: Action) -> None:
    """Raise ForbiddenError or ConflictError unless an action is allowed."""
    found = refusal(case, user, at, action)
    if found is not None:
        raise _error(found)


def case_for(
    connection: sa.Connection, case_id: int, user: User, at: datetime, action: Action | None = None
) -> Case:
    """Lock a case that a user is about to change, and return it; require that `action` is allowed.

    Raises ForbiddenError, NotFoundError and ConflictError.
    """
    require_role(user, change=True)
    lock_case(connection, case_id)
    case = load_case(connection, case_id, user, at)
    if action is not None:
        require(case, user, at, action)
    return case


def require_role(user: User, *, change: bool) -> None:
    """Raise ForbiddenError unless a user reads cases, or with `change` works on them."""
    found = _reviews(None, user, None) if change else _reads(None, user, None)
    if found is not None:
        raise _error(found)


def opening_refusal(user: User) -> Refusal | None:
    """Return why a user may not open cases for the rows of a report, None for a lead."""
    return None if user.role == "lead" and user.may("review") else _LEADS_ONLY


def require_opening(user: User) -> None:
    """Raise ForbiddenError unless a user opens cases for the rows of a report."""
    found = opening_refusal(user)
    if found is not None:
        raise _error(found)


def _error(found: Refusal) -> ForbiddenError | ConflictError:
    if found.name == "forbidden":
        return ForbiddenError(found.chinese, found.english)
    return ConflictError(found.chinese, found.english, found.name)


def _conflict(chinese: str, english: str) -> Refusal:
    return Refusal("conflict", chinese, english)


def _reads(_case: Case | None, user: User, _at: datetime | None) -> Refusal | None:
    if user.role in ("lead", "auditor") and user.may("read"):
        return None
    if user.role in ("reviewer", "lead") and user.may("cases"):
        return None
    return _reviews(_case, user, _at)


def _reviews(_case: Case | None, user: User, _at: datetime | None) -> Refusal | None:
    if user.role in ("reviewer", "lead") and user.may("review"):
        return None
    return Refusal("forbidden", "此角色不能处理案件", "this role does not work on cases")


def _leads(_case: Case, user: User, _at: datetime) -> Refusal | None:
    return opening_refusal(user)


def _no_lead(_case: Case, user: User, _at: datetime) -> Refusal | None:
    if user.role != "lead":
        return None
    return Refusal("forbidden", "组长可以直接重新打开", "a lead reopens the case instead")


def _somebody_elses(case: Case, user: User, _at: datetime) -> Refusal | None:
    if case.resolution is None or case.resolution.user_id != user.id:
        return None
    return Refusal(
        "forbidden", "这是你自己的决定，可请组长重新打开", "it is your own decision; a lead can reopen it"
    )


def _waits(case: Case, _user: User, _at: datetime) -> Refusal | None:
    return _conflict("案件已处理", "the case is decided") if case.state == "decided" else None


def _level(case: Case, user: User, _at: datetime) -> Refusal | None:
    if (case.state == "escalated" or case.for_leads) and user.role != "lead":
        return Refusal("forbidden", "案件已提请组长", "the case was escalated to a lead")
    return None


def _eligible(case: Case, _user: User, _at: datetime) -> Refusal | None:
    if case.eligible:
        return None
    return Refusal(
        "forbidden", "你已处理过，需由他人处理", "you have decided it before; somebody else has to"
    )


def _not_taken(case: Case, user: User, at: datetime) -> Refusal | None:
    if not case.taken_by_other(user, at):
        return None
    if case.state == "held":
        return _conflict(f"{case.holder} 已搁置此案件", f"{case.holder} holds the case")
    return _conflict(f"{case.holder} 正在处理此案件", f"{case.holder} is working on the case")


def _claimed(case: Case, user: User, _at: datetime) -> Refusal | None:
    if case.holder_id == user.id and case.state in LOCKABLE:
        return None
    return _conflict("你没有领取此案件", "you have not claimed the case")


def _yours(case: Case, user: User, _at: datetime) -> Refusal | None:
    if case.holder_id is None:
        return _conflict("案件没有被领取", "nobody has claimed the case")
    if case.holder_id == user.id or user.role == "lead":
        return None
    return Refusal("forbidden", "只有领取人或组长可以释放", "only its holder or a lead may release it")


def _before_hard_end(case: Case, _user: User, at: datetime) -> Refusal | None:
    if case.locked_at is not None and at < case.locked_at + HARD_END:
        return None
    return _conflict("领取已满 60 分钟，请重新领取", "it was claimed 60 minutes ago; claim it again")


def _one_at_a_time(case: Case, _user: User, _at: datetime) -> Refusal | None:
    if case.active_id in (None, case.id):
        return None
    return _conflict(
        f"请先处理或释放已领取的案件 {case.active_id}", f"decide or release case {case.active_id} first"
    )


def _still_alone(case: Case, user: User, at: datetime) -> Refusal | None:
    return None if case.locked(at) else _one_at_a_time(case, user, at)


def _room_to_hold(case: Case, user: User, at: datetime) -> Refusal | None:
    own = case.on_hold(at) and case.holder_id == user.id
    if own or case.held < MOST_HELD:
        return None
    return _conflict(f"最多搁置 {MOST_HELD} 件", f"at most {MOST_HELD} cases can be held")


def _not_escalated(case: Case, _user: User, _at: datetime) -> Refusal | None:
    if case.state == "escalated" or case.for_leads:
        return _conflict("案件已提请组长", "the case was escalated to a lead")
    return None


def _own_decision(case: Case, user: User, at: datetime) -> Refusal | None:
    found = case.resolution
    if case.state != "decided" or found is None:
        return _conflict("没有可以撤销的决定", "there is no decision to undo")
    if found.user_id != user.id:
        return Refusal("forbidden", "只能撤销自己的决定", "only your own decision can be undone")
    if at >= found.final_at or found.sent:
        return Refusal(
            "too-late", "已过撤销时限，可由组长重新打开", "the time to undo is over; a lead can reopen it"
        )
    return None


def _final(case: Case, _user: User, at: datetime) -> Refusal | None:
    found = case.resolution
    if case.state != "decided" or found is None:
        return _conflict("案件尚未处理", "the case is not decided")
    if at < found.final_at:
        return _conflict(f"{found.user} 还可以撤销此决定", f"{found.user} can still undo the decision")
    return None


def _public(case: Case, _user: User, _at: datetime) -> Refusal | None:
    if case.origin not in PRIVATE:
        return None
    return _conflict("质检案件不能重新打开", "a case of the quality check is not reopened")


_WORK: Final[tuple[Check, ...]] = (_reviews, _waits, _level, _eligible, _not_taken)
_CHECKS: Final[Mapping[Action, tuple[Check, ...]]] = {
    "read": (_reads,),
    "claim": (*_WORK, _one_at_a_time),
    "heartbeat": (_reviews, _waits, _claimed, _before_hard_end, _still_alone),
    "release": (_reviews, _waits, _yours),
    "decide": _WORK,
    "undo": (_reviews, _own_decision),
    "hold": (*_WORK, _room_to_hold),
    "skip": (_reviews, _waits, _claimed),
    "escalate": (_reviews, _waits, _not_escalated, _eligible, _not_taken),
    "object": (_reviews, _no_lead, _final, _somebody_elses, _public, _eligible),
    "reopen": (_leads, _final, _public),
    "reassign": (_leads, _waits),
}
