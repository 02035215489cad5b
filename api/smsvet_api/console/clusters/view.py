"""A cluster as its page shows it: the members, which of them are ticked, and what a decision on these would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ...audit.report.texts import shortened
from ...store.accounts.users import User
from ...store.cases.bulk import MOST, BulkPreview, Excluded
from ...store.cases.clusters import Cluster, Member
from ..cases.reasons import Reason

_LONGEST: Final = 60
"""Code points of a difference that are shown."""
_MOST_CHIPS: Final = 8


@dataclass(frozen=True, slots=True)
class Chip:
    """A difference from the representative."""

    kind: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in the table."""

    member: Member
    chips: Sequence[Chip]
    more: int
    """Differences that are not shown."""
    same_verdict: bool
    """As the representative's: one decision serves both."""
    locked: bool
    """Somebody else has it."""
    ticked: bool


def member_rows(cluster: Cluster, user: User, ticked: frozenset[int] | None) -> list[MemberRow]:
    """Return the rows of the members. `ticked` has their cases; None ticks those that one decision serves.

    Of more than 200 members none is ticked, since nobody has looked at all of them.
    """
    usual = cluster.members[0].verdict
    found = []
    for one in cluster.members:
        same = one.verdict == usual
        locked = is_taken(one, user, cluster.at)
        preset = same and not locked and cluster.size <= MOST
        chips = [
            Chip(part.kind, shortened(part.theirs, _LONGEST), shortened(part.ours, _LONGEST))
            for part in one.differences[:_MOST_CHIPS]
        ]
        found.append(
            MemberRow(
                member=one,
                chips=chips,
                more=len(one.differences) - len(chips),
                same_verdict=same,
                locked=locked,
                ticked=preset if ticked is None else one.row.id in ticked,
            )
        )
    return found


def is_taken(member: Member, user: User, at: datetime) -> bool:
    """Return whether somebody else has claimed a member or put it on hold."""
    until = member.row.locked_until or member.row.held_until
    return member.row.holder not in (None, user.name) and until is not None and until > at


@dataclass(frozen=True, slots=True)
class Forecast:
    """The effect of a decision on the ticked members, before it is confirmed."""

    act: str
    versions: Mapping[int, int]
    left_out: Mapping[str, Sequence[Excluded]]
    """By reason."""
    other_verdict: int
    """Members of another machine verdict, ticked or not."""
    unticked: int
    """Members that were not ticked, of the representative's verdict."""


def forecast(act: str, cluster: Cluster, preview: BulkPreview, ticked: frozenset[int]) -> Forecast:
    """Return the forecast of an approval or a rejection."""
    usual = cluster.members[0].verdict
    others = [one for one in cluster.members if one.verdict != usual]
    left_out: dict[str, list[Excluded]] = {}
    for one in preview.excluded:
        left_out.setdefault(one.reason, []).append(one)
    return Forecast(
        act=act,
        versions=preview.versions,
        left_out=left_out,
        other_verdict=len(others),
        unticked=sum(one.row.id not in ticked and one.verdict == usual for one in cluster.members),
    )


def escalation(cluster: Cluster, user: User, ticked: frozenset[int]) -> Forecast:
    """Return the forecast of giving members to the leads, whatever their machine verdict is."""
    wanted = [one for one in cluster.members if one.row.id in ticked]
    taken = [one for one in wanted if is_taken(one, user, cluster.at)]
    holders = [
        Excluded(one.row.id, "locked", f"{one.row.holder} 正在处理", f"{one.row.holder} is working on it")
        for one in taken
    ]
    free = {one.row.id: one.row.version for one in wanted if one not in taken}
    return Forecast("escalate", free, {"locked": holders} if holders else {}, 0, cluster.size - len(wanted))


def bulk_message(reasons: Iterable[Reason]) -> str:
    """Return the text for the submitters of several texts: a line for each ticked reason.

    How to change a text is left out, since the fix of a rule may quote the representative.
    """
    return "\n".join(one.title if one.decision else one.message for one in reasons if one.ticked)
