"""A cluster: undecided cases with similar texts, and how each one differs from the text that represents them."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from ..accounts.users import User
from ..errors import NotFoundError
from ..store import Store
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
        members = read_members(connection, user, cluster, at, first)
    counted = Counter(one.verdict for one in members)
    return Cluster(
        id=cluster,
        members=tuple(members[:first]),
        size=len(members),
        verdicts=tuple(
            VerdictCount(decision, rules, number) for (decision, rules), number in counted.most_common()
        ),
        accounts=len({(one.owner_id, one.row.account) for one in members}),
        at=at,
    )


def read_members(
    connection: sa.Connection, user: User, cluster: str, at: datetime, compared: int = 0
) -> list[Member]:
    """Return the undecided members of a cluster; the representative has the most frequent verdict, and comes first.

    The first `compared` ones have their differences from it. Blind cases have no similar ones, and escalated ones are for
    leads. Raises NotFoundError if none is left.
    """
    shown = sa.true() if user.role in ("lead", "auditor") else cases.c.for_leads.is_(False)
    rows = connection.execute(
        rows_query(user, at)
        .where(
            cases.c.cluster == cluster,
            cases.c.state.in_(UNDECIDED),
            shown,
            cases.c.blind.is_(False),
            visible(user),
        )
        .order_by(cases.c.priority, cases.c.due_at, cases.c.id)
        .limit(MOST)
    ).all()
    if not rows:
        raise NotFoundError("没有这个同类组", "there is no such cluster")
    verdicts = [_verdict(row) for row in rows]
    usual = Counter(verdicts).most_common(1)[0][0]
    first = verdicts.index(usual)
    order = [first, *(number for number in range(len(rows)) if number != first)]
    texts = [text_of(row.document or {}) for row in rows]
    known: dict[str, tuple[Difference, ...]] = {texts[first]: ()}
    for number in order[:compared]:
        if texts[number] not in known:
            known[texts[number]] = differences(texts[first], texts[number])
    return [
        Member(
            row=row_of(rows[number], user, at),
            owner_id=rows[number].owner_id,
            differences=known.get(texts[number], ()),
            verdict=verdicts[number],
        )
        for number in order
    ]


def _verdict(row: Any) -> Verdict:
    findings = (row.verdict or {}).get("findings", ())
    return row.decision, tuple(sorted({one["rule"] for one in findings if one["decision"] != "approve"}))


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
