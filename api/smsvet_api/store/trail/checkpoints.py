"""Checkpoints of the trail. Kept outside the database, they show a cut tail and a chain that was written anew."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeGuard

import sqlalchemy as sa

from ..instants import instant, text_of
from ..store import Store
from .events import ROOT
from .tables import events


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of the trail at a moment: number and hash of the last event, and the number of events."""

    seq: int
    hash: str
    count: int
    at: datetime

    def document(self) -> dict[str, Any]:
        """Return the checkpoint for JSON."""
        return {"seq": self.seq, "hash": self.hash, "count": self.count, "at": text_of(self.at)}


def take_checkpoint(store: Store) -> Checkpoint:
    """Return the end of the trail now. Raises StoreDownError."""
    with store.database.reading() as connection:
        return checkpoint_in(connection, store.now())


def checkpoint_in(connection: sa.Connection, at: datetime) -> Checkpoint:
    """Return the end of the trail as a caller's transaction sees it."""
    last = connection.execute(
        sa.select(events.c.seq, events.c.hash).order_by(events.c.seq.desc()).limit(1)
    ).one_or_none()
    seq, digest = (0, ROOT) if last is None else (int(last.seq), str(last.hash))
    count = connection.execute(
        sa.select(sa.func.count()).select_from(events).where(events.c.seq <= seq)
    ).scalar_one()
    return Checkpoint(seq, digest, int(count), at)


def read_checkpoint(line: str) -> Checkpoint | None:
    """Return the checkpoint in a line of JSON: one that `document` wrote, or a line of the service's log.

    None for a log line about something else. Raises ValueError for any other text.
    """
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    if "event" in value and "hash" not in value:
        return None
    seq, digest, count, at = (value.get(name) for name in ("seq", "hash", "count", "at"))
    if not (_is_count(seq) and _is_count(count)) or not (isinstance(digest, str) and isinstance(at, str)):
        raise ValueError("expected seq, hash, count and at")
    moment = instant(at)
    if len(digest) != len(ROOT) or moment.tzinfo is None:
        raise ValueError("expected a hash of 64 digits and a time with a zone")
    return Checkpoint(seq, digest, count, moment)


def append_to(path: Path, checkpoint: Checkpoint) -> None:
    """Append a checkpoint to a file as a line of JSON, and return when it is on the disk. Raises OSError."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(checkpoint.document()) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
