"""The page of settings: the calendar of working hours, the rates of sampling, and retention as it is configured."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from ...http.identity import settings_of, storage_of
from ...http.problems import ProblemError
from ...http.settings import Settings, variable
from ...store.cases.sla import read_calendar, set_calendar
from ...store.quality.rates import change_rates, current_rates
from ..acting import acting_user, back, plain_form, sentences
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .calendar_form import CalendarForm, calendar_in, form_of
from .rates_form import KINDS, percents_of, rates_in
from .users_page import ADMINS

SETTINGS: Final = "admin-settings.html.jinja"
SHOWN: Final = (
    "retain_approved_days",
    "retain_rejected_days",
    "checkpoint_to",
    "reports",
    "webhook_private",
    "requests_per_minute",
)
"""Settings of the environment that the page shows."""

router = APIRouter()


@router.get("/admin/settings")
async def show_settings(request: Request) -> Response:
    """Return the settings with their forms."""
    await require_viewer(request, preferences_of(request).lang, ADMINS)
    return await _settings(request)


@router.post("/admin/settings/calendar")
async def change_calendar(request: Request) -> Response:
    """Put a calendar in force for cases that are opened from now on."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    sent = await plain_form(request)
    try:
        await storage_of(request).run(lang, set_calendar, admin, calendar_in(sent, lang))
    except ProblemError as problem:
        return await _settings(request, calendar=CalendarForm.of(sent), problem=problem, about="calendar")
    return back(request, "/admin/settings", "admin.settings.done.calendar")


@router.post("/admin/settings/sampling")
async def change_sampling(request: Request) -> Response:
    """Put rates of sampling in force."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    sent = await plain_form(request)
    try:
        await storage_of(request).run(lang, change_rates, admin, rates_in(sent, lang))
    except ProblemError as problem:
        rates = {name: sent.get(name, "") for name in ("second", "golden", *KINDS)}
        return await _settings(request, rates=rates, problem=problem, about="sampling")
    return back(request, "/admin/settings", "admin.settings.done.sampling")


async def _settings(
    request: Request,
    *,
    calendar: CalendarForm | None = None,
    rates: dict[str, str] | None = None,
    problem: ProblemError | None = None,
    about: str | None = None,
) -> Response:
    lang = preferences_of(request).lang
    storage = storage_of(request)
    wrong = None if problem is None else sentences(problem)
    if calendar is None:
        calendar = form_of(await storage.run(lang, read_calendar))
    if rates is None:
        rates = percents_of(await storage.run(lang, current_rates))
    context: dict[str, Any] = {
        "calendar": asdict(calendar),
        "rates": rates,
        "kinds": KINDS,
        "configured": configured(settings_of(request)),
        "problem": wrong,
        "about": about,
    }
    return render(request, SETTINGS, context, status=200 if problem is None else problem.status)


def configured(settings: Settings) -> list[tuple[str, str, str | None]]:
    """Return settings of the environment: name, variable and value, None where one is not set.

    The query of an address is left out: it may have a secret.
    """
    found = []
    for name in SHOWN:
        value = getattr(settings, name)
        text = str(value).partition("?")[0] if value is not None and value is not False else None
        found.append((name, variable(name), text))
    return found
