"""The filters in the address of the list of decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, get_args
from urllib.parse import urlencode

from smsvet.model import Lang

from ... import dates
from ...store.cases.choice import OVERTURNS, Decision
from ...store.cases.decisions import DecisionFilters
from ...wording import say

Form = Literal["csv", "parquet"]
_LONGEST: Final = 128
_BULK: Final = re.compile("[0-9a-f-]{36}")
_NUMBER: Final = re.compile("[1-9][0-9]{0,8}")
_PERIODS: Final = (1, 7, 30)
"""Days of the periods that one click selects."""


@dataclass(frozen=True, slots=True)
class DecisionQuery:
    """The fields of the address. Days are those of China; an empty field selects everything."""

    person: str = ""
    decision: str = ""
    overturn: str = ""
    """A reason, `any` for all of them, `none` for decisions that follow the machine."""
    rule: str = ""
    since: str = ""
    until: str = ""
    """The last day, included."""
    state: str = ""
    """`final` leaves withdrawn decisions out, `withdrawn` selects them."""
    bulk: str = ""
    case: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> DecisionQuery:
        """Return the query of an address or of a form, without characters that no name has."""
        names = [item.name for item in fields(cls)]
        return cls(**{name: _clean(values[name]) for name in names if values.get(name)})

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is filtered."""
        return not any(asdict(self).values())

    @property
    def narrowed(self) -> int:
        """Return how many of the less common filters are set."""
        return sum(bool(value) for value in (self.bulk, self.case, self.rule, self.overturn, self.state))

    def errors(self, lang: Lang) -> list[str]:
        """Return a sentence for each field that cannot be read; it selects everything."""
        found = [
            say(
                lang,
                f"日期应写作 2026-11-28 的形式，而不是“{value}”",
                f"Write a date as in 2026-11-28, not “{value}”",
            )
            for value in (self.since, self.until)
            if value and _day(value) is None
        ]
        first, last = _day(self.since), _day(self.until)
        if first and last and first > last:
            found.append(say(lang, "起始日期晚于结束日期", "The first day is after the last one"))
        return found

    def filters(self) -> DecisionFilters:
        """Return the filters for the store."""
        first, last = _day(self.since), _day(self.until)
        decision: Any = self.decision if self.decision in get_args(Decision) else None
        overturn: Any = self.overturn if self.overturn in OVERTURNS else None
        return DecisionFilters(
            user=self.person or None,
            decision=decision,
            overturn=overturn,
            overturned={"any": True, "none": False}.get(self.overturn),
            rule=self.rule or None,
            since=_begin(first) if first else None,
            until=_begin(last + timedelta(days=1)) if last else None,
            withdrawn={"final": False, "withdrawn": True}.get(self.state),
            bulk_id=self.bulk if _BULK.fullmatch(self.bulk) else None,
            case_id=int(self.case) if _NUMBER.fullmatch(self.case) else None,
        )

    def address(self, **changes: str) -> str:
        """Return the address of the list with some fields changed."""
        values = asdict(self) | changes
        query = urlencode({name: value for name, value in values.items() if value}, errors="replace")
        return f"/decisions?{query}" if query else "/decisions"

    def periods(self) -> list[tuple[int, str, bool]]:
        """Return days, address and whether it is selected, for each common period that ends today."""
        today = dates.today()
        found = []
        for days in _PERIODS:
            since = (today - timedelta(days=days - 1)).isoformat()
            found.append((days, self.address(since=since, until=""), (self.since, self.until) == (since, "")))
        return found

    def export(self, table: str, form: Form, lang: Lang) -> str:
        """Return the address of an export of the selected days."""
        filters = self.filters()
        period = {"since": filters.since, "until": filters.until}
        values = {name: at.isoformat() for name, at in period.items() if at is not None}
        return f"/v1/export/{table}.{form}?{urlencode({**values, 'lang': lang})}"


def _clean(value: str) -> str:
    return "".join(one for one in value.strip()[:_LONGEST] if one.isprintable())


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), dates.CHINA)
