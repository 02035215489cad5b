"""Verifies the trail: recomputes every hash, and compares the chain with its head and with checkpoints."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from smsvet.model import Lang

from ...wording import say
from ..store import Store
from .checkpoints import Checkpoint
from .events import ROOT, event_hash
from .tables import events, trail_head

PAGE: Final = 2_000
"""Events that are read together. The memory does not grow with the trail."""

Kind = Literal[
    "edited", "moved", "removed", "inserted", "unlinked", "rewritten", "cut", "emptied", "head", "checkpoint"
]


@dataclass(frozen=True, slots=True)
class Damage:
    """The first damage of a trail. `seq` is the number of the first event that is wrong or missing."""

    kind: Kind
    seq: int
    chinese: str
    english: str

    def say(self, lang: Lang) -> str:
        """Return the message in a language."""
        return say(lang, self.chinese, self.english)


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification: the number of intact events, the time of the first one, and the first damage."""

    events: int
    since: str | None
    """As `instants.text_of` writes it; None for an empty trail."""
    checkpoints: int
    """Checkpoints that the trail agrees with."""
    damage: Damage | None
    complete: bool = True
    """False: the time was over before the end of the trail, and neither its end nor its head was looked at."""


def verify(
    store: Store, checkpoints: Sequence[Checkpoint] = (), seconds: float | None = None
) -> Verification:
    """Return what a pass over the trail finds, as of one moment; it ends after so many seconds. Raises StoreDownError.

    Without a checkpoint, neither a cut tail with a matching head nor a chain that was written anew can be found.
    """
    by_seq: dict[int, list[Checkpoint]] = {}
    for checkpoint in checkpoints:
        by_seq.setdefault(checkpoint.seq, []).append(checkpoint)
    with store.database.reading() as connection:
        pass_over = _Pass(connection, by_seq, None if seconds is None else time.monotonic() + seconds)
        damage = pass_over.damage()
        return Verification(
            pass_over.count, pass_over.since, pass_over.agreed, damage, not pass_over.is_interrupted
        )


class _Pass:
    """One pass over the trail, with the last intact event so far."""

    def __init__(
        self,
        connection: sa.Connection,
        checkpoints: Mapping[int, Sequence[Checkpoint]],
        end: float | None = None,
    ) -> None:
        self.connection = connection
        self.end = end
        self.is_interrupted = False
        self.checkpoints = checkpoints
        self.count = 0
        self.agreed = 0
        self.since: str | None = None
        self.hash = ROOT

    def damage(self) -> Damage | None:
        """Return the first damage, None for an intact trail."""
        wrong = self._against_checkpoints()
        for row in _rows(self.connection):
            if self.end is not None and self.count % PAGE == 0 and time.monotonic() >= self.end:
                self.is_interrupted = True
                return wrong
            wrong = wrong or self._wrong_event(row)
            if wrong:
                return wrong
            self.count, self.hash, self.since = self.count + 1, row.hash, self.since or row.at
            wrong = self._against_checkpoints()
        return wrong or self._wrong_end()

    def _wrong_event(self, row: Any) -> Damage | None:
        expected = self.count + 1
        if row.seq < expected:
            return Damage(
                "inserted",
                row.seq,
                f"事件 {row.seq} 是插入的：编号从 1 开始",
                f"event {row.seq} was inserted: numbers begin with 1",
            )
        if row.seq > expected:
            gap = str(expected) if row.seq == expected + 1 else f"{expected}-{row.seq - 1}"
            return Damage("removed", expected, f"事件 {gap} 已被删除", f"removed: event {gap}")
        if not _is_hash(row, row.seq):
            return self._moved(row) or Damage(
                "edited", expected, f"事件 {expected} 的内容已被改动", f"event {expected} was edited"
            )
        if row.prev != self.hash:
            return Damage(
                "unlinked",
                expected,
                f"事件 {expected} 与前一事件不相接：两者之一已被重写",
                f"event {expected} does not continue the event before it: one of the two was rewritten",
            )
        return None

    def _moved(self, row: Any) -> Damage | None:
        """Return the damage if an event has the hash of another place in the trail."""
        last = self.connection.execute(sa.select(sa.func.max(events.c.seq))).scalar_one()
        head = self.connection.execute(sa.select(trail_head.c.seq)).scalar()
        for seq in range(1, max(last, head or 0) + 1):
            if _is_hash(row, seq):
                return Damage(
                    "moved",
                    row.seq,
                    f"事件 {row.seq} 原为事件 {seq}：顺序已被改动，或其前有插入、删除",
                    f"event {row.seq} was event {seq}: the order was changed, or events before it were inserted or removed",
                )
        return None

    def _against_checkpoints(self) -> Damage | None:
        for checkpoint in self.checkpoints.get(self.count, ()):
            if checkpoint.count != checkpoint.seq:
                return Damage(
                    "checkpoint",
                    checkpoint.seq,
                    f"检查点的序号为 {checkpoint.seq}，事件数却为 {checkpoint.count}：当时已有缺失，或检查点被改动",
                    f"the checkpoint names seq {checkpoint.seq} but {checkpoint.count} events: "
                    "events were missing then, or the checkpoint was edited",
                )
            if checkpoint.hash != self.hash:
                return Damage(
                    "rewritten",
                    checkpoint.seq,
                    f"事件 {checkpoint.seq} 与检查点不符：此事件或更早的记录已被重写",
                    f"event {checkpoint.seq} is not the one of the checkpoint: the trail was rewritten there or earlier",
                )
            self.agreed += 1
        return None

    def _wrong_end(self) -> Damage | None:
        named = max(self.checkpoints, default=0)
        if named > self.count:
            return self._shorter(named, "检查点", "the checkpoint")
        head = self.connection.execute(sa.select(trail_head.c.seq, trail_head.c.hash)).one_or_none()
        if head is None:
            return Damage("head", self.count, "链头缺失", "the head of the trail is missing")
        if head.seq > self.count:
            return self._shorter(head.seq, "链头", "the head")
        if (head.seq, head.hash) != (self.count, self.hash):
            return Damage(
                "head",
                self.count,
                f"链头指向 {head.seq}，与最后的事件 {self.count} 不符",
                f"the head names seq {head.seq} and does not match the last event, {self.count}",
            )
        return None

    def _shorter(self, named: int, chinese: str, english: str) -> Damage:
        first = self.count + 1
        if self.count == 0:
            return Damage(
                "emptied",
                first,
                f"全部事件已被删除：{chinese}指向 {named}，数据库中没有事件",
                f"all events were deleted: {english} names seq {named}, the database has none",
            )
        return Damage(
            "cut",
            first,
            f"末尾已被截去：{chinese}指向 {named}，数据库止于 {self.count}",
            f"the tail was cut: {english} names seq {named}, the database ends with {self.count}",
        )


def _rows(connection: sa.Connection) -> Iterator[Any]:
    """Yield all events in the order of their numbers."""
    page = connection.execute(sa.select(events).order_by(events.c.seq).limit(PAGE)).all()
    while page:
        yield from page
        page = connection.execute(
            sa.select(events).where(events.c.seq > page[-1].seq).order_by(events.c.seq).limit(PAGE)
        ).all()


def _is_hash(row: Any, seq: int) -> bool:
    """Return whether an event has the hash that its content gives at a number."""
    parts = (row.at, row.actor, row.kind, row.subject, row.body, row.prev)
    try:
        return bool(row.hash == event_hash(seq, *parts))
    except (
        AttributeError,
        UnicodeEncodeError,
    ):  # SQLite lets anything be stored: bytes, or text that is not UTF-8
        return False
