"""The routes of the page `/me`."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ...http.identity import session_in, settings_of, storage_of
from ...http.problems import ProblemError
from ...http.transport import cookie_name, delete_cookie
from ...store.accounts.preferences import keep_preference
from ...store.accounts.sessions import end_other_sessions, end_session, list_sessions
from ..acting import back, number_in
from ..forms import read_form
from ..preferences import THEMES, keep, preferences_of, remember
from ..rendering import render
from ..viewer import noted_session, require_viewer
from .agents import browser_name

TEMPLATE: Final = "me.html.jinja"
MOST_SESSIONS: Final = 50
"""Sessions that are listed; the others can be ended together."""

router = APIRouter()


@router.get("/me")
async def show_me(request: Request) -> Response:
    """Return the page with the settings and the sessions of its user."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang)
    session = noted_session(request)
    found = await storage_of(request).run(lang, list_sessions, user.id)
    return render(
        request,
        TEMPLATE,
        {
            "sessions": [(one, browser_name(one.agent)) for one in found[:MOST_SESSIONS]],
            "more": max(0, len(found) - MOST_SESSIONS),
            "current": session.id if session else None,
            "themes": THEMES,
            "shortcuts": session is None or session.preferences.get("shortcuts") is not False,
        },
    )


@router.post("/me/preferences")
async def change_preferences(request: Request) -> Response:
    """Keep language, theme and shortcuts in the account, and in the cookies of this browser."""
    lang = preferences_of(request).lang
    session = await session_in(request, lang)
    sent = await read_form(request)
    await remember(request, sent)
    if sent.get("shortcuts") in ("on", "off"):
        wanted = sent["shortcuts"] == "on"
        await storage_of(request).run(lang, keep_preference, session.user, "shortcuts", wanted)
    response = back(request, "/me", "me.saved")
    keep(response, sent, request.url.scheme == "https")
    return response


@router.post("/me/sessions/end")
async def end_one(request: Request) -> Response:
    """End a session of the user; without the one of the request, the user signs in again."""
    lang = preferences_of(request).lang
    session = await session_in(request, lang)
    wanted = number_in((await read_form(request)).get("session")) or 0
    try:
        await storage_of(request).run(lang, end_session, wanted, session.user)
    except ProblemError as problem:
        if problem.name != "not-found":
            raise
        return back(request, "/me", "me.ended_before")
    if wanted != session.id:
        return back(request, "/me", "me.ended")
    response = RedirectResponse("/login", 303)
    delete_cookie(response, cookie_name(request, settings_of(request)) or "")
    return response


@router.post("/me/sessions/end-others")
async def end_others(request: Request) -> Response:
    """End all other sessions of the user."""
    lang = preferences_of(request).lang
    session = await session_in(request, lang)
    ended = await storage_of(request).run(lang, end_other_sessions, session)
    return back(request, "/me", "me.others_ended", n=ended)
