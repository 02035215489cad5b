"""A cluster: undecided cases with similar texts, and how each one differs from the text that represents them."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from ..accounts.users import User
from ..errors import NotFoundError
from ..store import Store
from ..submissions.tables import submissions, verdict_rules, verdicts
from ..texts import text_of
from .actions import require_role
from .eligibility import visible
from .listing import Row, row_of, rows_query
from .tables import cases

MOST: Final = 1000
"""Members that a cluster shows and decides, the most urgent first."""
UNDECIDED: Final = ("open", "held", "escalated")
_MOST_PAIRS: Final = 4_000
"""Pairs of equal parts up to which two texts are compared part by part; the time grows with their number."""
_SIGNED: Final = re.compile(r"\A\s*【([^【】]*)】|【([^【】]*)】\s*\Z")
_PARTS: Final = re.compile(r"[0-9]+|[a-zA-Z]+|\{[^{}]*\}|\s+|.", re.DOTALL)
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,:-][0-9]+)*")

Verdict = tuple[str, tuple[str, ...]]
"""A machine's decision, and the rules of its findings."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a member's text that differs from the representative. Either side may be empty."""

    kind: Literal["brand", "number", "parameter", "text"]
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A case with its version, applicant and machine verdict, without its texts."""

    id: int
    version: int
    owner_id: int
    account: str | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Member:
    """A case of a cluster."""

    row: Row
    owner_id: int
    differences: tuple[Difference, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many members have a machine verdict."""

    decision: str
    rules: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Undecided cases with similar texts. The first is the representative."""

    id: str
    members: tuple[Member, ...]
    size: int
    """Members, those beyond the first ones included."""
    verdicts: tuple[VerdictCount, ...]
    """The most frequent first."""
    accounts: int
    """Different applicants."""
    at: datetime


def view_cluster(store: Store, user: User, cluster: str, first: int = MOST) -> Cluster:
    """Return a cluster with its first members. Raises ForbiddenError, and NotFoundError without an undecided member."""
    require_role(user, change=False)
    at = store.now()
    with store.database.reading() as connection:
        facts = read_members(connection, user, cluster)
        ids = [one.id for one in facts[:first]]
        found = connection.execute(rows_query(user, at, cluster).where(cases.c.id.in_(ids))).all()
    counted = Counter(one.verdict for one in facts)
    return Cluster(
        id=cluster,
        members=_compared(facts[:first], {row.id: row for row in found}, user, at),
        size=len(facts),
        verdicts=tuple(
            VerdictCount(decision, rules, number) for (decision, rules), number in counted.most_common()
        ),
        accounts=len({(one.owner_id, one.account) for one in facts}),
        at=at,
    )


def read_members(connection: sa.Connection, user: User, cluster: str) -> list[MemberFacts]:
    """Return the undecided members of a cluster; the representative has the most frequent verdict, and comes first.

    Blind cases have no similar ones, and escalated ones are for leads. Raises NotFoundError if none is left.
    """
    shown = sa.true() if user.role in ("lead", "auditor") else cases.c.for_leads.is_(False)
    chosen = (
        sa.select(cases.c.id, cases.c.version, cases.c.verdict_id, cases.c.submission_id)
        .where(
            cases.c.cluster == cluster,
            cases.c.state.in_(UNDECIDED),
            shown,
            cases.c.blind.is_(False),
            visible(user),
        )
        .order_by(cases.c.priority, cases.c.due_at, cases.c.id)
        .limit(MOST)
    )
    rows = connection.execute(chosen).all()
    if not rows:
        raise NotFoundError("没有这个同类组", "there is no such cluster")
    of = connection.execute(
        sa.select(submissions.c.id, submissions.c.owner_id, submissions.c.account).where(
            submissions.c.id.in_([row.submission_id for row in rows])
        )
    )
    applicants = {row.id: row for row in of}
    verdict_of = _verdicts(connection, [row.verdict_id for row in rows])
    facts = [
        MemberFacts(
            row.id,
            row.version,
            applicants[row.submission_id].owner_id,
            applicants[row.submission_id].account,
            verdict_of[row.verdict_id],
        )
        for row in rows
    ]
    usual = Counter(one.verdict for one in facts).most_common(1)[0][0]
    first = next(one for one in facts if one.verdict == usual)
    return [first, *(one for one in facts if one is not first)]


def _verdicts(connection: sa.Connection, ids: list[int]) -> dict[int, Verdict]:
    """Return verdicts by id, without reading their documents: a cluster may have a thousand."""
    rules: dict[int, list[str]] = {}
    hits = sa.select(verdict_rules.c.verdict_id, verdict_rules.c.rule).where(
        verdict_rules.c.verdict_id.in_(ids), verdict_rules.c.decision != "approve"
    )
    for number, rule in connection.execute(hits):
        rules.setdefault(number, []).append(rule)
    decisions = sa.select(verdicts.c.id, verdicts.c.decision).where(verdicts.c.id.in_(ids))
    return {
        row.id: (row.decision, tuple(sorted(rules.get(row.id, ())))) for row in connection.execute(decisions)
    }


def _compared(
    facts: Sequence[MemberFacts], rows: Mapping[int, Any], user: User, at: datetime
) -> tuple[Member, ...]:
    """Return members with their differences from the first one."""
    texts = {one.id: text_of(rows[one.id].document) for one in facts}
    representative = texts[facts[0].id]
    known = {text: differences(representative, text) for text in set(texts.values())}
    return tuple(
        Member(
            row=row_of(rows[one.id], user, at),
            owner_id=one.owner_id,
            differences=known[texts[one.id]],
            verdict=one.verdict,
        )
        for one in facts
    )


def differences(representative: str, text: str) -> tuple[Difference, ...]:
    """Return the differences of a text from the representative of its cluster: brand, numbers, parameters."""
    ours, theirs = _signed(representative), _signed(text)
    found = [] if ours[0] == theirs[0] else [Difference("brand", theirs[0], ours[0])]
    left, right = _without_common_ends(_PARTS.findall(ours[1]), _PARTS.findall(theirs[1]))
    counts, others = Counter(left), Counter(right)
    if sum(number * others[part] for part, number in counts.items()) > _MOST_PAIRS:
        found.append(_difference("".join(left), "".join(right)))
        return tuple(found)
    for tag, begin, end, start, stop in difflib.SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            found.append(_difference("".join(left[begin:end]), "".join(right[start:stop])))
    return tuple(found)


def _without_common_ends(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return the parts of two texts between their common start and their common end."""
    shorter = min(len(left), len(right))
    start = next((at for at in range(shorter) if left[at] != right[at]), shorter)
    end = next((at for at in range(shorter - start) if left[-1 - at] != right[-1 - at]), shorter - start)
    return left[start : len(left) - end], right[start : len(right) - end]


def _signed(text: str) -> tuple[str, str]:
    """Return the signature of a text, and the rest."""
    match = _SIGNED.search(text)
    if match is None:
        return "", text
    return match[1] or match[2] or "", text[: match.start()] + text[match.end() :]


def _difference(ours: str, theirs: str) -> Difference:
    both = [one for one in (ours, theirs) if one]
    if all(_NUMBER.fullmatch(one) for one in both):
        return Difference("number", theirs, ours)
    if any("{" in one for one in both):
        return Difference("parameter", theirs, ours)
    return Difference("text", theirs, ours)
