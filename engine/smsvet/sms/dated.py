"""Entries of a provider file that are in force during a period."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TypeVar

from pydantic import model_validator

from ..files.cached_model import CachedModel


class Dated(CachedModel):
    """An entry that is in force from `since` to the day before `until`. None means unbounded."""

    since: date | None = None
    until: date | None = None

    def holds(self, as_of: date) -> bool:
        """Return whether this entry is in force on a day."""
        return (self.since is None or self.since <= as_of) and (self.until is None or as_of < self.until)

    @model_validator(mode="after")
    def _ordered(self) -> Dated:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("until: must be after since")
        return self


Entry = TypeVar("Entry", bound=Dated)


def apart(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the entries; raises ValueError if there are none, or if two are in force on the same day."""
    if not entries:
        raise ValueError("has no entry")
    ordered = sorted(entries, key=lambda entry: entry.since or date.min)
    for earlier, later in pairwise(ordered):
        if earlier.until is None or later.since is None or later.since < earlier.until:
            raise ValueError("two entries are in force on the same day")
    return entries
