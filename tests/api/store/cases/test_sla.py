"""Due times in working hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smsvet_api.store.accounts.roles import Role
from smsvet_api.store.cases.sla import Calendar, due_at, level, read_calendar, set_calendar
from smsvet_api.store.errors import ForbiddenError, RefusedError

from .desk import Desk

OFFICE = [["09:00", "12:00"], ["13:00", "18:00"]]
WEEK: dict[str, Any] = {"minutes": 240, "week": [OFFICE] * 5 + [[], []]}
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("changes", "opened", "due"),
    [
        ({}, "2026-11-27T09:00", "2026-11-27T14:00"),  # a Friday: 3 hours, lunch, 1 hour
        ({}, "2026-11-27T16:00", "2026-11-30T11:00"),  # 2 hours, the weekend, 2 hours
        ({}, "2026-11-28T10:00", "2026-11-30T14:00"),
        ({}, "2026-11-27T12:30", "2026-11-27T17:00"),
        ({"minutes": 180}, "2026-11-27T09:00", "2026-11-27T12:00"),
        ({"holidays": ["2026-11-30"]}, "2026-11-27T16:00", "2026-12-01T11:00"),
        ({"workdays": {"2026-11-29": [["10:00", "16:00"]]}}, "2026-11-27T16:00", "2026-11-29T12:00"),
        (
            {"holidays": ["2026-11-29"], "workdays": {"2026-11-29": OFFICE}},
            "2026-11-28T23:00",
            "2026-11-29T14:00",
        ),
        ({"week": None}, "2026-11-27T22:00", "2026-11-28T02:00"),
        ({"week": None, "holidays": ["2026-11-28"]}, "2026-11-27T22:00", "2026-11-29T02:00"),
    ],
)
def test_only_working_hours_count(changes: dict[str, Any], opened: str, due: str) -> None:
    calendar = Calendar.model_validate(WEEK | changes)
    at = datetime.fromisoformat(opened).replace(tzinfo=CHINA).astimezone(UTC)
    assert calendar.due(at) == datetime.fromisoformat(due).replace(tzinfo=CHINA)


def test_a_day_of_a_clock_change_has_its_own_length() -> None:
    calendar = Calendar.model_validate({"minutes": 240, "zone": "Europe/Berlin"})
    before = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # summer time begins at 01:00 UTC
    assert calendar.due(before) - before == timedelta(hours=4)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"zone": "Mars/Base"}, "sla.zone"),
        ({"week": [[]] * 7}, "sla"),
        ({"week": [[]] * 6}, "sla.week"),
        ({"week": [[["18:00", "09:00"]]] * 7}, "sla.week.0.0"),
        ({"minutes": 0}, "sla.minutes"),
        ({"hours": 4}, "sla.hours"),
    ],
)
def test_a_calendar_that_cannot_be_used_is_refused_by_field(
    desk: Desk, document: dict[str, Any], field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        set_calendar(desk.store, desk.person("root", "admin"), document)
    assert refused.value.field.startswith(field)


@pytest.mark.parametrize("role", ["submitter", "reviewer", "lead", "rule_manager", "auditor"])
def test_only_an_admin_sets_the_calendar(desk: Desk, role: Role) -> None:
    with pytest.raises(ForbiddenError):
        set_calendar(desk.store, desk.person("somebody", role), WEEK)
    assert read_calendar(desk.store) == Calendar()


def test_a_refusal_is_in_the_language_of_its_reader(desk: Desk) -> None:
    with pytest.raises(RefusedError) as refused:
        set_calendar(desk.store, desk.person("root", "admin"), {"week": [[["18:00", "09:00"]]] * 7})
    assert refused.value.say("zh") == "时段的结束应晚于开始"
    assert refused.value.say("en") == "an interval has to end after it begins"


def test_the_calendar_of_the_house_holds_for_cases_opened_from_then_on(desk: Desk) -> None:
    at = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # 16:00 in China
    with desk.store.database.reading() as connection:
        assert due_at(connection, at) - at == timedelta(hours=4)
    set_calendar(desk.store, desk.person("root", "admin"), WEEK)
    set_calendar(desk.store, desk.person("root", "admin"), WEEK | {"holidays": ["2026-11-30"]})
    assert read_calendar(desk.store).minutes == 240
    with desk.store.database.reading() as connection:
        assert due_at(connection, at) == datetime(2026, 12, 1, 11, 0, tzinfo=CHINA)


def test_the_level_follows_the_share_of_time_left() -> None:
    opened = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    due = opened + timedelta(minutes=100)
    levels = [level(opened, due, opened + timedelta(minutes=spent)) for spent in (0, 49, 50, 79, 80, 99, 100)]
    assert levels == ["neutral", "neutral", "amber", "amber", "red", "red", "overdue"]
