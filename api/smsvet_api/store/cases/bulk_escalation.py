"""Gives many cases of a cluster to the leads at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from ..accounts.users import User
from ..errors import ConflictError
from ..store import Store
from .actions import require_role
from .bulk import Excluded, check_number, exclusion
from .case import load_cases
from .choice import LONGEST_NOTE, check_text
from .handover import escalate_case
from .tables import cases


@dataclass(frozen=True, slots=True)
class BulkEscalated:
    """The cases that the leads have now, and those that were left out."""

    case_ids: tuple[int, ...]
    excluded: tuple[Excluded, ...]


def escalate_bulk(
    store: Store, user: User, cluster: str, versions: Mapping[int, int], note: str = ""
) -> BulkEscalated:
    """Give members of a cluster to the leads, in one transaction. `versions` are the cases as they were shown.

    Cases that somebody else has claimed, that have changed or are not the cluster's are left out and listed. Raises
    ForbiddenError, RefusedError, and ConflictError if no case is left.
    """
    require_role(user, change=True)
    check_text("note", note, LONGEST_NOTE)
    check_number(versions)
    at = store.now()
    taken: list[int] = []
    excluded: list[Excluded] = []
    with store.database.transaction() as connection:
        members = connection.execute(
            sa.select(cases.c.id)
            .where(cases.c.id.in_(versions), cases.c.cluster == cluster, cases.c.blind.is_(False))
            .order_by(cases.c.id)
            .with_for_update(key_share=True)
        ).scalars()
        known = load_cases(connection, list(members), user, at)
        for case_id in sorted(versions):
            case = known.get(case_id)
            if case is None or case.version != versions[case_id]:
                excluded.append(Excluded(case_id, "changed", "已变更", "it has changed"))
            elif found := exclusion(case, user, at, "escalate"):
                excluded.append(Excluded(case_id, *found))
            else:
                escalate_case(connection, case, user, at, note)
                taken.append(case_id)
        if not taken:
            raise ConflictError("没有可以提请的案件", "no case is left to escalate")
    return BulkEscalated(tuple(taken), tuple(excluded))
