"""The calendar of working hours as a form: hours as `09:00-12:00, 13:30-18:00`, days one in a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from smsvet.model import Lang

from ...http.calendar import hours_of
from ...http.problems import FieldError, invalid_fields
from ...store.cases.sla import Calendar
from ...wording import say

DAYS: Final = 7
_INTERVAL: Final = re.compile("([0-9]{1,2}:[0-9]{2}) *[-–—~～] *([0-9]{1,2}:[0-9]{2})")
_SEPARATORS: Final = re.compile("[,，;；、]")


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """The fields as texts. `always` is set around the clock; `week` has the hours of each day from Monday on."""

    minutes: str
    zone: str
    always: bool
    week: tuple[str, ...]
    holidays: str
    workdays: str

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> CalendarForm:
        """Return the fields as they were sent."""
        return cls(
            sent.get("minutes", "").strip(),
            sent.get("zone", "").strip(),
            "always" in sent,
            tuple(sent.get(f"day{number}", "").strip() for number in range(DAYS)),
            sent.get("holidays", ""),
            sent.get("workdays", ""),
        )


def form_of(calendar: Calendar) -> CalendarForm:
    """Return the form that shows a calendar. One without hours of a week proposes office hours."""
    office = ("09:00-18:00",) * 5 + ("", "")
    return CalendarForm(
        str(calendar.minutes),
        calendar.zone,
        calendar.week is None,
        office if calendar.week is None else tuple(_text(hours_of(day)) for day in calendar.week),
        "\n".join(sorted(day.isoformat() for day in calendar.holidays)),
        "\n".join(f"{day} {_text(hours_of(hours))}" for day, hours in sorted(calendar.workdays.items())),
    )


def calendar_in(sent: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    """Return the calendar in a form as the store takes it. Raises ProblemError naming the field and the line."""
    form = CalendarForm.of(sent)
    document: dict[str, Any] = {
        "minutes": form.minutes,
        "zone": form.zone,
        "week": None
        if form.always
        else [_hours(text, _day(n, lang), lang) for n, text in enumerate(form.week)],
        "holidays": [_date(line, lang) for line in _lines(form.holidays)],
        "workdays": {},
    }
    for line in _lines(form.workdays):
        day, _, hours = line.partition(" ")
        document["workdays"][_date(day, lang)] = _hours(hours, day, lang)
    return document


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _day(number: int, lang: Lang) -> str:
    names = (
        ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    )
    return names[lang == "en"][number]


def _date(text: str, lang: Lang) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        message = say(lang, f"“{text}”：日期应写作 2026-10-01", f"'{text}': a date is written as 2026-10-01")
        raise invalid_fields([FieldError(field="holidays", message=message)], lang) from error


def _hours(text: str, day: str, lang: Lang) -> list[list[str]]:
    found = []
    for part in filter(None, map(str.strip, _SEPARATORS.split(text))):
        match = _INTERVAL.fullmatch(part)
        if match is None:
            message = say(
                lang,
                f"{day}：时段应写作 09:00-12:00，实际为“{part}”",
                f"{day}: hours are written as 09:00-12:00, found '{part}'",
            )
            raise invalid_fields([FieldError(field="week", message=message)], lang)
        found.append([one.zfill(5) for one in match.groups()])
    return found


def _text(hours: list[list[str]]) -> str:
    return ", ".join("-".join(interval) for interval in hours)
