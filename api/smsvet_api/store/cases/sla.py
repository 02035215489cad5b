"""When a case is due: so many working hours after it was opened, in the calendar of the house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from smsvet.files.validation import describe_problem

from ..accounts.permission import require_scope
from ..accounts.tables import settings
from ..accounts.users import User
from ..errors import RefusedError
from ..store import Store
from ..trail.events import append

NAME: Final = "sla"
"""The name of the calendar in the table of settings."""
_LONGEST: Final = 3700
"""Days after which the search for working hours ends."""

Level = Literal["neutral", "amber", "red", "overdue"]


def _wrong(chinese: str, english: str) -> PydanticCustomError:
    return PydanticCustomError("calendar", "{english}", {"chinese": chinese, "english": english})


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise _wrong("未知时区", "not a time zone")
    return name


def _rising(hours: tuple[time, time]) -> tuple[time, time]:
    if hours[0] >= hours[1]:
        raise _wrong("时段的结束应晚于开始", "an interval has to end after it begins")
    return hours


Hours = Annotated[tuple[time, time], AfterValidator(_rising)]
Day = Annotated[tuple[Hours, ...], Field(max_length=8)]


class Calendar(BaseModel):
    """Working hours, and how many minutes of them a case may take. The default is 240 minutes, around the clock."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minutes: int = Field(default=240, ge=1, le=100_000)
    zone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    week: tuple[Day, Day, Day, Day, Day, Day, Day] | None = Field(
        default=None, description="intervals of each day from Monday on; none: around the clock"
    )
    holidays: frozenset[date] = Field(default=frozenset(), max_length=2000, description="days without work")
    workdays: dict[date, Day] = Field(
        default_factory=dict,
        max_length=2000,
        description="days with hours of their own, such as a shifted Sunday",
    )

    @model_validator(mode="after")
    def _some_hours(self) -> Calendar:
        if self.week is not None and not any(self.week):
            raise _wrong("一周内没有工作时间", "the week has no working hours")
        return self

    def due(self, at: datetime) -> datetime:
        """Return the moment when the minutes are over, counted from `at`, in UTC."""
        left = timedelta(minutes=self.minutes)
        end = at
        for begin, end in self._intervals(at):
            if end - begin >= left:
                return (begin + left).astimezone(UTC)
            left -= end - begin
        return end.astimezone(UTC)

    def _intervals(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working intervals from a moment on, in UTC: a day of a clock change is shorter or longer."""
        zone = ZoneInfo(self.zone)
        first = at.astimezone(zone).date()
        for number in range(_LONGEST):
            day = first + timedelta(days=number)
            midnight = datetime.combine(day, time(), zone)
            for begin, end in self._hours(day):
                start, stop = (
                    datetime.combine(day, one, zone).astimezone(UTC) if one is not None else None
                    for one in (begin, end)
                )
                start = start or midnight.astimezone(UTC)
                stop = stop or datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
                if stop > at:
                    yield max(start, at.astimezone(UTC)), stop

    def _hours(self, day: date) -> tuple[tuple[time | None, time | None], ...]:
        if day in self.workdays:
            return self.workdays[day]
        if day in self.holidays:
            return ()
        return ((None, None),) if self.week is None else self.week[day.weekday()]


def calendar(connection: sa.Connection) -> Calendar:
    """Return the calendar of the house."""
    value = connection.execute(
        sa.select(settings.c.value).where(settings.c.name == NAME)
    ).scalar_one_or_none()
    return Calendar() if value is None else Calendar.model_validate(value)


def due_at(connection: sa.Connection, at: datetime) -> datetime:
    """Return when a case is due that is opened at `at`."""
    return calendar(connection).due(at)


def read_calendar(store: Store) -> Calendar:
    """Return the calendar of the house."""
    with store.database.reading() as connection:
        return calendar(connection)


def set_calendar(store: Store, user: User, document: Any) -> Calendar:
    """Store a calendar for cases that are opened from now on.

    Raises ForbiddenError for a user who is not an admin, and RefusedError naming the field.
    """
    require_scope(user, "admin")
    try:
        changed = Calendar.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, ("sla", *first["loc"])))
        chinese = first.get("ctx", {}).get("chinese") or describe_problem(first, "zh")
        raise RefusedError(field, chinese, describe_problem(first, "en")) from error
    value = changed.model_dump(mode="json")
    value["holidays"] = sorted(value["holidays"])
    with store.database.transaction() as connection:
        connection.execute(settings.delete().where(settings.c.name == NAME))
        connection.execute(settings.insert().values(name=NAME, value=value))
        append(connection, store.now(), user.actor, "settings.changed", f"setting:{NAME}", {"value": value})
    return changed


def level(opened_at: datetime, due: datetime, at: datetime) -> Level:
    """Return how urgent a case is: by the share of its time that is left, above 50 %, above 20 %, or less."""
    if at >= due:
        return "overdue"
    share = (due - at) / max(due - opened_at, timedelta(microseconds=1))
    return "neutral" if share > 0.5 else "amber" if share > 0.2 else "red"
