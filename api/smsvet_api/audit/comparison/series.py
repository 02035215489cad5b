"""A series of dates: on which days the content changes, and which items move on each of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, timedelta
from typing import Any, Final

from pydantic import BaseModel

from smsvet import Reviewer
from smsvet.model import Lang

from ...files.rows import InputError
from ...wording import say
from .transitions import Matrix

MOST: Final = 60
"""Dates of a series: each is a review of the whole input."""
_RANGE: Final = re.compile(
    r"(?P<first>[0-9-]{10})\.\.(?P<last>[0-9-]{10})(?:/(?P<step>[1-9][0-9]?)(?P<unit>[dwmy]))?"
)


@dataclass(slots=True)
class Step:
    """A date of a series: the decisions of that day, and the moves since the date before."""

    day: date
    decisions: Counter[int] = field(default_factory=Counter)
    moves: Matrix = field(default_factory=Matrix)
    rules: Counter[str] = field(default_factory=Counter)
    """Responsible rule -> items moved since the date before."""
    shared: int = 0


def parse_series(text: str, reviewer: Reviewer, lang: Lang) -> tuple[date, ...]:
    """Return the dates that an option names, ascending, at least two. Raises InputError.

    `2021-06-01,2024-01-01` lists dates; `2021-06-01..2026-11-28/6m` counts days, weeks, months or years from the first
    to the last; without a step, the dates are those when a rule or limit of the content changes.
    """
    days = sorted(set(_days(text.strip(), reviewer, lang)))
    if not 2 <= len(days) <= MOST:
        raise InputError(
            say(
                lang,
                f"--as-of-series {text}：应为 2 到 {MOST} 个日期，现为 {len(days)} 个",
                f"--as-of-series {text}: should be 2 to {MOST} dates, not {len(days)}",
            )
        )
    return tuple(days)


def _days(text: str, reviewer: Reviewer, lang: Lang) -> Iterator[date]:
    found = _RANGE.fullmatch(text)
    if found is None:
        yield from (_day(one.strip(), text, lang) for one in text.split(","))
        return
    first, last = _day(found["first"], text, lang), _day(found["last"], text, lang)
    yield from (first, last)
    if found["step"] is None:
        yield from (day for day in change_days(reviewer) if first < day < last)
        return
    step, unit = int(found["step"]), found["unit"]
    for times in range(1, MOST + 1):
        day = _later(first, step * times, unit)
        if day >= last:
            return
        yield day


def _later(day: date, count: int, unit: str) -> date:
    """Return the day `count` units later; the 31st becomes the last day of a shorter month."""
    if unit in "dw":
        return day + timedelta(days=count * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _day(text: str, given: str, lang: Lang) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            say(
                lang,
                f"--as-of-series {given}：应写成 2021-06-01..2026-11-28、2021-06-01..2026-11-28/6m，或逗号隔开的日期",
                f"--as-of-series {given}: should be 2021-06-01..2026-11-28, 2021-06-01..2026-11-28/6m, or dates with commas",
            )
        ) from error


def change_days(reviewer: Reviewer) -> tuple[date, ...]:
    """Return the days from which a rule, a case of a rule, or a limit of a provider is different, ascending."""
    found: set[date] = set()
    for rule in reviewer.rules:
        found.update(_dates(rule.file))
    for provider in reviewer.providers.values():
        found.update(_dates(provider))
    return tuple(sorted(found))


def _dates(value: object) -> Iterator[date]:
    """Yield all values of fields named `since` and `until`, at any depth; error codes never change a decision."""
    names: Iterable[str] = ()
    if isinstance(value, BaseModel):
        names = type(value).model_fields
    elif is_dataclass(value):
        names = [one.name for one in fields(value)]
    for name in names:
        one = getattr(value, name)
        if name in ("since", "until") and isinstance(one, date):
            yield one
        elif "code" not in name:
            yield from _dates(one)
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _dates(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _dates(one)


def steps_as_json(steps: Iterable[Step], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the dates of a series as JSON."""
    return [
        {
            "as_of": step.day.isoformat(),
            "decisions": {name: step.decisions[number] for number, name in enumerate(names)},
            "stricter": step.moves.stricter,
            "milder": step.moves.milder,
            "rules": dict(step.rules.most_common(10)),
            "several": step.shared,
        }
        for step in steps
    ]
