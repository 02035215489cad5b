"""The calendar of the house: how many working hours a case may take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from ..store.cases.sla import Calendar, read_calendar, set_calendar
from .identity import caller, storage_of
from .json_bodies import JsonBody, Text, answer, body_of, takes
from .parameters import Language
from .problems import user_body_responses, user_responses

router = APIRouter(redirect_slashes=False, tags=["cases"])

Interval = Annotated[
    list[Text], Field(min_length=2, max_length=2, description="begin and end, such as 09:00")
]
Day = Annotated[list[Interval], Field(max_length=8)]


class CalendarBody(JsonBody):
    """Working hours, and how many minutes of them a case may take."""

    minutes: int = Field(240, ge=1, le=100_000)
    zone: Text = Field("Asia/Shanghai", max_length=64, description="name of a time zone")
    week: list[Day] | None = Field(
        None, min_length=7, max_length=7, description="each day from Monday on; null: around the clock"
    )
    holidays: list[date] = Field(default_factory=list, max_length=2000, description="days without work")
    workdays: dict[date, Day] = Field(
        default_factory=dict, description="days with hours of their own, such as a shifted Sunday"
    )


@router.get(
    "/v1/settings/calendar",
    operation_id="get_calendar",
    response_model=CalendarBody,
    responses=user_responses(),
    summary="Read the calendar of working hours",
)
async def get_calendar(request: Request, query: Language) -> Response:
    """Return the calendar by which cases are due."""
    await caller(request, query.lang, "read")
    return answer(written(await storage_of(request).run(query.lang, read_calendar)))


@router.put(
    "/v1/settings/calendar",
    operation_id="set_calendar",
    response_model=CalendarBody,
    responses=user_body_responses(),
    openapi_extra=takes(CalendarBody),
    summary="Set the calendar of working hours",
)
async def put_calendar(request: Request, query: Language) -> Response:
    """Put a calendar in force for cases that are opened from now on."""
    user = await caller(request, query.lang, "admin")
    body = await body_of(request, CalendarBody, query.lang)
    document = body.model_dump(mode="json")
    return answer(written(await storage_of(request).run(query.lang, set_calendar, user, document)))


def written(calendar: Calendar) -> dict[str, object]:
    """Return a calendar as JSON, its hours as `HH:MM`."""
    return {
        "minutes": calendar.minutes,
        "zone": calendar.zone,
        "week": None if calendar.week is None else [hours_of(day) for day in calendar.week],
        "holidays": sorted(day.isoformat() for day in calendar.holidays),
        "workdays": {day.isoformat(): hours_of(hours) for day, hours in sorted(calendar.workdays.items())},
    }


def hours_of(day: Iterable[tuple[time, time]]) -> list[list[str]]:
    """Return the intervals of a day as `HH:MM`."""
    return [[f"{one:%H:%M}" for one in interval] for interval in day]
