"""Verifies the trail within a bounded time, and keeps the result for the pages of all workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from smsvet.model import Lang

from ...wording import say
from ..accounts.tables import settings
from ..instants import instant, text_of
from ..store import Store
from .checkpoints import Checkpoint
from .verifying import verify

NAME: Final = "trail-verification"
"""The name of the result in the table of settings."""
LONGEST: Final = 60.0
"""Seconds after which a verification for a page ends. The command `smsvet trail verify` has no bound."""


@dataclass(frozen=True, slots=True)
class LastVerification:
    """The result of a verification: the number of intact events, and the first damage, if any, in both languages."""

    at: datetime
    by: str
    events: int
    since: str | None
    checkpoints: int
    complete: bool
    """False: the time was over before the end of the trail."""
    damage: tuple[str, str] | None

    def say_damage(self, lang: Lang) -> str | None:
        """Return the damage in a language, None for an intact trail."""
        return None if self.damage is None else say(lang, *self.damage)


def verify_and_keep(store: Store, by: str, checkpoints: list[Checkpoint], seconds: float = LONGEST) -> None:
    """Verify the trail, and keep the result. Raises StoreDownError."""
    found = verify(store, checkpoints, seconds)
    damage = found.damage
    value = {
        "at": text_of(store.now()),
        "by": by,
        "events": found.events,
        "since": found.since,
        "checkpoints": found.checkpoints,
        "complete": found.complete,
        "damage": None if damage is None else [damage.chinese, damage.english],
    }
    with store.database.transaction() as connection:
        connection.execute(settings.delete().where(settings.c.name == NAME))
        connection.execute(settings.insert().values(name=NAME, value=value))


def last_verification(store: Store) -> LastVerification | None:
    """Return the last result, None before the first one."""
    with store.database.reading() as connection:
        value = connection.execute(
            sa.select(settings.c.value).where(settings.c.name == NAME)
        ).scalar_one_or_none()
    if value is None:
        return None
    damage = value["damage"]
    return LastVerification(
        instant(value["at"]),
        value["by"],
        value["events"],
        value["since"],
        value["checkpoints"],
        value["complete"],
        None if damage is None else (damage[0], damage[1]),
    )
