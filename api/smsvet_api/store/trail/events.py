"""Appends events to the trail. Each one's hash covers the one before, so that none can be changed, moved or taken out
unseen; a cut tail shows against a checkpoint that is kept elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from ..documents import written
from ..errors import StoreError
from ..instants import text_of
from .tables import events, trail_head

DOMAIN: Final = b"smsvet-trail-1"
"""Begins every hashed text, so that no hash of the trail equals one made for another purpose."""
ROOT: Final = "0" * 64
"""The `prev` of the first event."""


class TrailError(StoreError):
    """The head of the trail is missing: nothing more can be stored until `smsvet trail verify` was looked at."""

    def __init__(self) -> None:
        super().__init__(
            "store-down",
            "审计记录的链头缺失，请运行 smsvet trail verify",
            "the head of the trail is missing: run smsvet trail verify",
        )


def append(
    connection: sa.Connection,
    at: datetime,
    actor: str,
    kind: str,
    subject: str,
    body: Mapping[str, Any] | None = None,
) -> int:
    """Append an event within the caller's transaction and return its number, counted from 1 without gaps.

    `actor` is `user:NAME`, `key:PREFIX`, `command` or `system`; `kind` is `noun.participle`, such as `case.decided`;
    `subject` is `noun:id`. `body` must have no submitted text: its salted digest (`digest_of`) stands for it, so that
    the text can be deleted while the chain still verifies. Raises TypeError for a body with a float, and TrailError.
    """
    # The head row is the lock: two writers that read the same head would fork the chain.
    head = connection.execute(sa.select(trail_head).with_for_update()).one_or_none()
    if head is None:  # the first migration made it
        raise TrailError
    seq, prev = int(head.seq) + 1, str(head.hash)
    time, text = text_of(at), written(body or {})
    digest = event_hash(seq, time, actor, kind, subject, text, prev)
    connection.execute(
        events.insert().values(
            seq=seq, at=time, actor=actor, kind=kind, subject=subject, body=text, prev=prev, hash=digest
        )
    )
    connection.execute(trail_head.update().values(seq=seq, hash=digest))
    return seq


def event_hash(seq: int, at: str, actor: str, kind: str, subject: str, body: str, prev: str) -> str:
    """Return the hash of an event, in hex. Each part is preceded by its length, so that no part runs into the next."""
    hashed = hashlib.sha256(DOMAIN)
    for part in (str(seq), at, actor, kind, subject, body, prev):
        data = part.encode()
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.hexdigest()


def digest_of(text: str, salt: str) -> str:
    """Return the salted digest, in hex, that stands for a submitted text in the trail."""
    return hashlib.sha256(f"{salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
