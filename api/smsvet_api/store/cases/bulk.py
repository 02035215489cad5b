"""Bulk decisions: one choice for the members of a cluster that have the same machine verdict."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa

from ..accounts.users import User
from ..errors import ConflictError, RefusedError
from ..store import Store
from ..submissions.tables import verdicts
from .actions import Action, refusal, require_role
from .case import Case, load_cases
from .choice import Choice, check_choice, check_overturn
from .clusters import MemberFacts, read_members
from .deciding import UNDO, idem_reused, resolve
from .tables import cases, resolutions

MOST: Final = 200
"""Cases of one bulk decision."""
_NAMESPACE: Final = uuid.UUID("6f0a3c1e-2f0b-4d0e-9c55-7f9c5a1d6f30")

Reason = Literal["other_verdict", "locked", "not_allowed", "changed", "beyond_limit"]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A case that a bulk decision leaves out."""

    case_id: int
    reason: Reason
    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """The effect of a bulk decision. `versions` are those of the cases as they are now."""

    decision: str
    versions: Mapping[int, int]
    excluded: tuple[Excluded, ...]


@dataclass(frozen=True, slots=True)
class BulkDecided:
    """A stored bulk decision: each case has a resolution of its own."""

    bulk_id: str
    case_ids: tuple[int, ...]
    excluded: tuple[Excluded, ...]
    final_at: datetime
    """Until then each one can be undone."""
    replayed: bool


def preview_bulk(
    store: Store, user: User, cluster: str, choice: Choice, selected: tuple[int, ...] | None = None
) -> BulkPreview:
    """Return what a bulk decision on some members of a cluster would do, on all of them without `selected`.

    Raises NotFoundError and ForbiddenError.
    """
    require_role(user, change=True)
    at = store.now()
    with store.database.reading() as connection:
        members = read_members(connection, user, cluster)
        wanted = _wanted(members, selected)
        taken, excluded = _sorted_out(connection, user, members[0], wanted, at)
    return BulkPreview(choice.decision, {one.id: one.version for one in taken}, excluded)


def decide_bulk(
    store: Store, user: User, cluster: str, versions: Mapping[int, int], choice: Choice, idem: str
) -> BulkDecided:
    """Decide the given members of a cluster, in one transaction; the same `idem` again returns the first answer.

    `versions` are the cases with their versions as shown by the preview. A case that differs in its machine verdict
    from the representative, is claimed by somebody else or has changed is left out and listed. Raises NotFoundError,
    ForbiddenError, RefusedError, and ConflictError if no case is left.
    """
    require_role(user, change=True)
    check_choice(choice, idem)
    check_number(versions)
    at = store.now()
    bulk_id = str(uuid.uuid5(_NAMESPACE, f"{user.id}:{idem}"))
    with store.database.transaction() as connection:
        # In the order of their ids, so that two bulk decisions do not wait for each other.
        connection.execute(
            sa.select(cases.c.id)
            .where(cases.c.id.in_(versions))
            .order_by(cases.c.id)
            .with_for_update(key_share=True)
        )
        before = connection.execute(
            sa.select(resolutions).where(resolutions.c.bulk_id == bulk_id).order_by(resolutions.c.case_id)
        ).all()
        if before:
            if before[0].decision != choice.decision or not {one.case_id for one in before} <= set(versions):
                raise idem_reused()
            ids = tuple(one.case_id for one in before)
            return BulkDecided(bulk_id, ids, (), before[0].final_at, replayed=True)
        members = read_members(connection, user, cluster)
        wanted = _wanted(members, tuple(versions))
        taken, excluded = _sorted_out(connection, user, members[0], wanted, at, versions)
        gone = sorted(versions.keys() - {one.id for one in wanted})
        excluded += tuple(Excluded(one, "changed", "已变更", "it has changed") for one in gone)
        if not taken:
            raise ConflictError("没有可以处理的案件", "no case is left to decide")
        _decide_each(connection, user, taken, choice, idem, at, bulk_id)
    ids = tuple(sorted(one.id for one in taken))
    return BulkDecided(bulk_id, ids, excluded, at + UNDO, replayed=False)


def _decide_each(
    connection: sa.Connection,
    user: User,
    taken: list[MemberFacts],
    choice: Choice,
    idem: str,
    at: datetime,
    bulk_id: str,
) -> None:
    found = sa.select(cases, verdicts.c.document).join(verdicts, verdicts.c.id == cases.c.verdict_id)
    ids = [one.id for one in taken]
    for row in connection.execute(found.where(cases.c.id.in_(ids)).order_by(cases.c.id)).all():
        check_overturn(row.document, choice, blind=row.blind)
        own = hashlib.sha256(f"{idem}:{row.id}".encode()).hexdigest()
        resolve(connection, row, user, choice, own, at, bulk_id)


def _wanted(members: list[MemberFacts], selected: tuple[int, ...] | None) -> list[MemberFacts]:
    if selected is None:
        return members
    chosen = set(selected)
    return [one for one in members if one.id in chosen]


def _sorted_out(
    connection: sa.Connection,
    user: User,
    representative: MemberFacts,
    members: list[MemberFacts],
    at: datetime,
    versions: Mapping[int, int] | None = None,
) -> tuple[list[MemberFacts], tuple[Excluded, ...]]:
    """Return the members that one decision serves, and the others with the reason why they are left out."""
    taken: list[MemberFacts] = []
    excluded: list[Excluded] = []
    known = load_cases(connection, [one.id for one in members], user, at)
    for one in members:
        found = _exclusion_of_member(known[one.id], user, representative, one, at, versions)
        if found is None and len(taken) >= MOST:
            found = ("beyond_limit", f"一次最多 {MOST} 件", f"at most {MOST} cases at once")
        if found is None:
            taken.append(one)
        else:
            excluded.append(Excluded(one.id, *found))
    return taken, tuple(excluded)


def _exclusion_of_member(
    case: Case,
    user: User,
    representative: MemberFacts,
    member: MemberFacts,
    at: datetime,
    versions: Mapping[int, int] | None,
) -> tuple[Reason, str, str] | None:
    if member.verdict != representative.verdict:
        return "other_verdict", "机器结论不同", "its machine verdict differs"
    if versions is not None and case.version != versions[case.id]:
        return "changed", "已变更", "it has changed"
    return exclusion(case, user, at, "decide")


def check_number(versions: Mapping[int, int]) -> None:
    """Raise RefusedError for no case, and for more than `MOST`."""
    if not 0 < len(versions) <= MOST:
        raise RefusedError("cases", f"应为 1 至 {MOST} 件", f"expected 1 to {MOST} cases")


def exclusion(case: Case, user: User, at: datetime, action: Action) -> tuple[Reason, str, str] | None:
    """Return why a user cannot act on a case, with the reason in Chinese and English; None if it is allowed."""
    found = refusal(case, user, at, action)
    if found is None:
        return None
    return "locked" if case.taken_by_other(user, at) else "not_allowed", found.chinese, found.english
