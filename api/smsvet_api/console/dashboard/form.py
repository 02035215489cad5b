"""The period and the filters that the address of the dashboard selects."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from smsvet.fields import PURPOSES
from smsvet.model import Lang

from ...dates import CHINA
from ...store.dashboard.scope import Scope
from ...wording import say

RANGES: Final[Mapping[str, timedelta]] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
_DATE: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
CUSTOM: Final = "custom"
DEFAULT: Final = "7d"
LONGEST: Final = 366
"""Days of a custom period."""


@dataclass(frozen=True, slots=True)
class DashboardForm:
    """The fields as in the address."""

    range: str = DEFAULT
    since: str = ""
    until: str = ""
    """The last day, included, in China."""
    provider: str = ""
    purpose: str = ""
    compare: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str], providers: Collection[str]) -> DashboardForm:
        """Return the form of an address; a value that is not known is left out."""
        chosen, provider, purpose = (query.get(name, "") for name in ("range", "provider", "purpose"))
        return cls(
            chosen if chosen in RANGES or chosen == CUSTOM else DEFAULT,
            query.get("since", "")[:10],
            query.get("until", "")[:10],
            provider if provider in providers else "",
            purpose if purpose in PURPOSES else "",
            query.get("compare") == "1",
        )

    def error(self, lang: Lang) -> str | None:
        """Return why the period cannot be shown, None if it can."""
        if self.range != CUSTOM:
            return None
        first, last = _day(self.since), _day(self.until)
        if first is None or last is None:
            return say(lang, "请填写起始和结束日期。", "Enter the first and the last day.")
        if first > last:
            return say(lang, "起始日期晚于结束日期。", "The first day is after the last one.")
        if (last - first).days >= LONGEST:
            return say(lang, f"至多 {LONGEST} 天。", f"A period has {LONGEST} days at most.")
        return None

    def scope(self, now: datetime) -> Scope:
        """Return what the figures are about; the default period in place of one with an error."""
        since, until = now - RANGES.get(self.range, RANGES[DEFAULT]), now
        first, last = _day(self.since), _day(self.until)
        if self.range == CUSTOM and self.error("en") is None and first and last:
            since = _midnight(first)
            until = min(_midnight(last + timedelta(days=1)), max(now, since + timedelta(days=1)))
        return Scope(since, until, self.provider or None, self.purpose or None)

    def link(self, path: str, **more: str) -> str:
        """Return the address of a list with the same provider and purpose."""
        values = {"provider": self.provider, "purpose": self.purpose} | more
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{query}" if query else path


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) and "2013" <= text < "2100" else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
