"""Exports: rows in windows, so that an export of any size needs constant memory, and an event about each export."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from .accounts.tables import users
from .accounts.users import User
from .cases.tables import cases, resolutions
from .store import Store
from .submissions.tables import submissions, verdict_rules, verdicts
from .trail.checkpoints import Checkpoint, take_checkpoint
from .trail.events import append

WINDOW: Final = 200
"""Rows that are read together."""

Table = Literal["submissions", "decisions", "learning"]
Row = dict[str, Any]

_TEXTS: Final = ("signature", "body", "text")
COLUMNS: Final[Mapping[Table, tuple[str, ...]]] = {
    "submissions": (
        "submission", "id", "owner", "received_at", "kind", "provider", "purpose", "account", "status", "final_at",
        "verdict", "as_of", "revision", "rules", *_TEXTS,
    ),
    "decisions": (
        "resolution", "case", "submission", "id", "decided_at", "final_at", "withdrawn_at", "reviewer", "origin", "blind",
        "decision", "verdict", "reasons", "overturn", "message", "kind", "provider", "purpose", *_TEXTS,
    ),
    "learning": ("id", "kind", "provider", "purpose", *_TEXTS, "final decision", "decided_at"),
}  # fmt: skip
"""The columns of each table. `learning` is what `smsvet learn` reads: each text once, with the last decision on it."""
_TAUGHT: Final = ("verdict", "second", "disagreement", "appeal", "report")
"""Origins of the cases that teach. A golden item repeats a decision that was made before."""


@dataclass(frozen=True, slots=True)
class Period:
    """Rows from `since` on and before `until`: of submissions by their receipt, else by the decision."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was begun. It has the rows that were there at that time."""

    table: Table
    period: Period
    last: int
    """The greatest id."""
    checkpoint: Checkpoint
    """The end of the trail at that time, to be kept with the file."""


def begin_export(store: Store, table: Table, period: Period) -> Export:
    """Return an export that begins now. Raises StoreDownError."""
    source = submissions if table == "submissions" else resolutions
    with store.database.reading() as connection:
        last = connection.execute(sa.select(sa.func.coalesce(sa.func.max(source.c.id), 0))).scalar_one()
    return Export(table, period, int(last), take_checkpoint(store))


class Windows:
    """The rows of an export, window by window. Each call of `next` is a short transaction of its own."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.rows = 0
        """Rows returned so far."""
        self._place = 0 if export.table != "learning" else export.last + 1
        self._seen: set[bytes] = set()
        """Digests of the texts that were returned: `learning` needs 16 bytes for each different one."""

    def next(self, store: Store) -> list[Row] | None:
        """Return the next rows, possibly none of a window, and None after the last window. Raises StoreDownError."""
        read = _READERS[self.export.table]
        with store.database.reading() as connection:
            found = read(connection, self.export, self._place, store.now())
        if not found:
            return None
        self._place = found[-1][0]
        rows = [row for _, row in found]
        if self.export.table == "learning":
            rows = list(self._new(rows))
        self.rows += len(rows)
        return rows

    def _new(self, rows: list[Row]) -> Iterator[Row]:
        for row in rows:
            text = row["body"] or row["text"]
            if not text:
                continue
            digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            if digest not in self._seen:
                self._seen.add(digest)
                yield row


def finish_export(store: Store, user: User, export: Export, rows: int, form: str, *, complete: bool) -> None:
    """Append the event about an export: who took how many rows in a form. Raises StoreDownError."""
    with store.database.transaction() as connection:
        body = {
            "format": form,
            "rows": rows,
            "complete": complete,
            "since": None if export.period.since is None else export.period.since.isoformat(),
            "until": None if export.period.until is None else export.period.until.isoformat(),
            "checkpoint": export.checkpoint.document(),
        }
        append(connection, store.now(), user.actor, "export.made", f"export:{export.table}", body)


def _submissions(
    connection: sa.Connection, export: Export, after: int, now: datetime
) -> list[tuple[int, Row]]:
    first = (
        sa.select(verdicts.c.submission_id, sa.func.min(verdicts.c.id).label("id"))
        .group_by(verdicts.c.submission_id)
        .subquery()
    )
    found = connection.execute(
        sa.select(submissions, users.c.name.label("owner"))
        .join(users, users.c.id == submissions.c.owner_id)
        .where(
            submissions.c.id > after,
            submissions.c.id <= export.last,
            *_within(submissions.c.received_at, export.period),
        )
        .order_by(submissions.c.id)
        .limit(WINDOW)
    ).all()
    ids = [row.id for row in found]
    verdict_of = {
        row.submission_id: row
        for row in connection.execute(
            sa.select(
                verdicts.c.id,
                verdicts.c.submission_id,
                verdicts.c.decision,
                verdicts.c.as_of,
                verdicts.c.revision,
            )
            .join(first, first.c.id == verdicts.c.id)
            .where(verdicts.c.submission_id.in_(ids))
        )
    }
    rules: dict[int, list[str]] = {}
    for row in connection.execute(
        sa.select(verdict_rules.c.verdict_id, verdict_rules.c.rule)
        .where(verdict_rules.c.verdict_id.in_([row.id for row in verdict_of.values()]))
        .order_by(verdict_rules.c.rule)
    ):
        rules.setdefault(row.verdict_id, []).append(row.rule)
    return [(row.id, _submission(row, verdict_of.get(row.id), rules, now)) for row in found]


def _submission(row: Any, verdict: Any, rules: Mapping[int, list[str]], now: datetime) -> Row:
    pending = row.final_at is not None and row.final_at > now  # the decision can still be withdrawn
    return {
        "submission": row.id,
        "id": row.client_id,
        "owner": row.owner,
        "received_at": row.received_at,
        "kind": row.kind,
        "provider": row.provider,
        "purpose": row.purpose,
        "account": row.account,
        "status": "in_review" if pending else row.status,
        "final_at": None if pending else row.final_at,
        "verdict": verdict.decision if verdict else None,
        "as_of": verdict.as_of if verdict else None,
        "revision": verdict.revision if verdict else None,
        "rules": " ".join(rules.get(verdict.id, ())) if verdict else None,
        **_texts(row.document),
    }


def _decisions(connection: sa.Connection, export: Export, after: int, now: datetime) -> list[tuple[int, Row]]:
    query = (
        _resolved(export)
        .where(resolutions.c.id > after, resolutions.c.id <= export.last)
        .order_by(resolutions.c.id)
        .limit(WINDOW)
    )
    return [
        (
            row.id,
            {
                "resolution": row.id,
                "case": row.case_id,
                "submission": row.submission_id,
                "id": row.client_id,
                "decided_at": row.at,
                "final_at": row.final_at,
                "withdrawn_at": row.withdrawn_at,
                "reviewer": row.reviewer,
                "origin": row.origin,
                "blind": row.blind,
                "decision": row.decision,
                "verdict": row.verdict,
                "reasons": json.dumps(row.reasons, ensure_ascii=False),
                "overturn": row.overturn,
                "message": row.message,
                "kind": row.kind,
                "provider": row.provider,
                "purpose": row.purpose,
                **_texts(row.document),
            },
        )
        for row in connection.execute(query)
    ]


def _learning(connection: sa.Connection, export: Export, before: int, now: datetime) -> list[tuple[int, Row]]:
    query = (
        _resolved(export)
        .where(
            resolutions.c.id < before,
            resolutions.c.withdrawn_at.is_(None),
            resolutions.c.final_at <= now,
            cases.c.origin.in_(_TAUGHT),
        )
        .order_by(resolutions.c.id.desc())
        .limit(WINDOW)
    )
    return [
        (
            row.id,
            {
                "id": row.client_id,
                "kind": row.kind,
                "provider": row.provider,
                "purpose": row.purpose,
                **_texts(row.document),
                "final decision": row.decision,
                "decided_at": row.at,
            },
        )
        for row in connection.execute(query)
    ]


_READERS: Final[Mapping[Table, Callable[[sa.Connection, Export, int, datetime], list[tuple[int, Row]]]]] = {
    "submissions": _submissions,
    "decisions": _decisions,
    "learning": _learning,
}


def _resolved(export: Export) -> sa.Select[Any]:
    return (
        sa.select(
            resolutions,
            cases.c.origin,
            cases.c.blind,
            cases.c.submission_id,
            users.c.name.label("reviewer"),
            verdicts.c.decision.label("verdict"),
            *(submissions.c[name] for name in ("client_id", "kind", "provider", "purpose", "document")),
        )
        .join(cases, cases.c.id == resolutions.c.case_id)
        .join(verdicts, verdicts.c.id == cases.c.verdict_id)
        .join(submissions, submissions.c.id == cases.c.submission_id)
        .join(users, users.c.id == resolutions.c.user_id)
        .where(*_within(resolutions.c.at, export.period))
    )


def _within(moment: Any, period: Period) -> list[sa.ColumnElement[bool]]:
    conditions = []
    if period.since is not None:
        conditions.append(moment >= period.since)
    if period.until is not None:
        conditions.append(moment < period.until)
    return conditions


def _texts(document: Mapping[str, Any] | None) -> Row:
    """Return the texts of a submission, which is given as JSON; None for those it lacks, all None once it was deleted."""
    return {name: (document or {}).get(name) for name in _TEXTS}
