"""The filters of the page, in the query of its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from ...dates import CHINA
from ...store.trail.reading import EventFilter

FIELDS: Final = ("actor", "kind", "subject", "since", "until")
LONGEST: Final = 128


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters as they were sent. Both days belong to the selection, and are those of China."""

    actor: str = ""
    kind: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """Return the filters in a query."""
        return cls(*(query.get(name, "").replace("\0", "").strip()[:LONGEST] for name in FIELDS))

    @property
    def are_set(self) -> bool:
        """Return whether any filter is set."""
        return any(getattr(self, name) for name in FIELDS)

    def chosen(self) -> EventFilter:
        """Return the filters for the store. A day that is not a date does not filter."""
        last = _day(self.until)
        return EventFilter(
            self.actor or None,
            self.kind or None,
            self.subject or None,
            _day(self.since),
            None if last is None else last + timedelta(days=1),
        )

    def query(self, **more: object) -> str:
        """Return the query of an address with these filters."""
        named = {name: getattr(self, name) for name in FIELDS if getattr(self, name)}
        return urlencode(named | more)


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), CHINA)
    except ValueError:
        return None
