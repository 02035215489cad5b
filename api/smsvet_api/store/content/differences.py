"""The decisions of a shadow revision beside those of the active one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..paging import newest_rows
from ..store import Store
from .tables import shadow_counts, shadow_differences

Relation = Literal["same", "stricter", "milder"]
"""How the shadow's decision compares with the active one."""
_STRICTNESS: Final = {"approve": 0, "manual_review": 1, "reject": 2}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both decisions on a stored submission. The rules are those with findings on one side only."""

    submission_id: int
    active: str
    shadow: str
    active_decision: str
    shadow_decision: str
    active_rules: tuple[str, ...]
    shadow_rules: tuple[str, ...]

    @property
    def relation(self) -> Relation:
        """Return how the shadow's decision compares with the active one."""
        return relation_of(self.active_decision, self.shadow_decision)

    @property
    def differs(self) -> bool:
        """Return whether decision or rules differ."""
        return self.relation != "same" or bool(self.active_rules or self.shadow_rules)


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """How many submissions a shadow judged, by relation; `dropped` were not judged because it was too slow or failed."""

    same: int = 0
    stricter: int = 0
    milder: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A submission on which decision or rules differ."""

    id: int
    submission_id: int
    at: datetime
    active: str
    shadow: str
    relation: Relation
    active_decision: str
    shadow_decision: str
    active_rules: list[str]
    shadow_rules: list[str]


def relation_of(active_decision: str, shadow_decision: str) -> Relation:
    """Return how the second decision compares with the first one."""
    step = _STRICTNESS[shadow_decision] - _STRICTNESS[active_decision]
    return "same" if not step else "stricter" if step > 0 else "milder"


def compare(
    submission_id: int, active: dict[str, Any], shadow: dict[str, Any], active_revision: str, revision: str
) -> Comparison:
    """Return the comparison of two verdicts in JSON."""
    first, second = ({one["rule"] for one in verdict["findings"]} for verdict in (active, shadow))
    return Comparison(
        submission_id,
        active_revision,
        revision,
        active["decision"],
        shadow["decision"],
        tuple(sorted(first - second)),
        tuple(sorted(second - first)),
    )


def add_comparisons(
    store: Store, comparisons: Sequence[Comparison], dropped: Iterable[tuple[str, str]] = ()
) -> None:
    """Count comparisons and store those that differ. `dropped` has the active and the shadow revision of each."""
    counted = Counter((one.active, one.shadow, str(one.relation)) for one in comparisons)
    counted.update((active, shadow, "dropped") for active, shadow in dropped)
    if not counted:
        return
    at = store.now()
    with store.database.transaction() as connection:
        dialect = sqlite if store.database.is_sqlite else postgresql
        for (active, shadow, relation), number in sorted(counted.items()):
            added = dialect.insert(shadow_counts).values(
                active=active, shadow=shadow, relation=relation, number=number
            )
            connection.execute(
                added.on_conflict_do_update(
                    index_elements=["active", "shadow", "relation"],
                    set_={"number": shadow_counts.c.number + added.excluded.number},
                )
            )
        rows = [
            {
                "submission_id": one.submission_id,
                "at": at,
                "active": one.active,
                "shadow": one.shadow,
                "relation": one.relation,
                "active_decision": one.active_decision,
                "shadow_decision": one.shadow_decision,
                "rules": {"active": list(one.active_rules), "shadow": list(one.shadow_rules)},
            }
            for one in comparisons
            if one.differs
        ]
        if rows:
            connection.execute(shadow_differences.insert(), rows)


def shadow_counts_of(store: Store, shadow: str) -> ShadowCounts:
    """Return the counts of a shadow revision, beside whichever revision was active."""
    with store.database.reading() as connection:
        rows = connection.execute(
            sa.select(shadow_counts.c.relation, sa.func.sum(shadow_counts.c.number))
            .where(shadow_counts.c.shadow == shadow)
            .group_by(shadow_counts.c.relation)
        ).all()
    return ShadowCounts(**{relation: int(number) for relation, number in rows})


def list_differences(
    store: Store, shadow: str, relation: Relation | None = None, before: int | None = None, limit: int = 50
) -> tuple[list[Difference], int | None]:
    """Return differences, newest first, with ids below `before`; and the id to continue with, None at the end."""
    chosen = sa.select(shadow_differences).where(shadow_differences.c.shadow == shadow)
    if relation is not None:
        chosen = chosen.where(shadow_differences.c.relation == relation)
    with store.database.reading() as connection:
        rows, following = newest_rows(connection, chosen, shadow_differences.c.id, before, limit)
    found = [
        Difference(
            row.id,
            row.submission_id,
            row.at,
            row.active,
            row.shadow,
            row.relation,
            row.active_decision,
            row.shadow_decision,
            row.rules["active"],
            row.rules["shadow"],
        )
        for row in rows
    ]
    return found, following
