"""The language and the theme of the pages: kept in cookies, and for users also in the store, for their other browsers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from fastapi import APIRouter, Request, Response

from smsvet.model import Lang

from ..http.csrf import is_from_here
from ..http.problems import ProblemError
from .forms import local_path, read_form
from .viewer import look_up_viewer, noted_session

Theme = Literal["auto", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)

LANG, THEME = "smsvet_lang", "smsvet_theme"
"""Names of the cookies."""
_YEAR: Final = 365 * 24 * 3600

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a visitor reads the pages."""

    lang: Lang
    theme: Theme

    @property
    def next_theme(self) -> Theme:
        """Return the theme to which the switch changes."""
        return THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]


def preferences_of(request: Request, form: Mapping[str, str] | None = None) -> Preferences:
    """Return the preferences in a form, else in the cookies; the language else as the browser prefers it."""
    form = form or {}
    lang = form.get("lang") or request.cookies.get(LANG)
    theme = _theme(form.get("theme") or request.cookies.get(THEME))
    return Preferences(
        _lang(lang) or _accepted(request.headers.get("accept-language", "")),
        theme or "auto",
    )


def keep(response: Response, form: Mapping[str, Any], secure: bool) -> None:
    """Set the cookies for the preferences that a form changes, or those of an account."""
    changed = {LANG: _lang(form.get("lang")), THEME: _theme(form.get("theme"))}
    for name, value in changed.items():
        if value is not None:
            response.set_cookie(name, value, _YEAR, httponly=True, samesite="lax", secure=secure)


@router.post("/preferences")
async def change_preferences(request: Request) -> Response:
    """Keep the language and theme of a form, and go back to the page that it names."""
    form = await read_form(request)
    response = Response(status_code=303, headers={"location": local_path(form.get("back", ""))})
    keep(response, form, request.url.scheme == "https")
    await remember(request, form)
    return response


async def remember(request: Request, form: Mapping[str, str]) -> None:
    """Store the preferences that a form changes for the user who is signed in; nothing while the database is down."""
    lang = preferences_of(request).lang
    changed = {"lang": _lang(form.get("lang")), "theme": _theme(form.get("theme"))}
    if not any(changed.values()) or not is_from_here(request):
        return
    await look_up_viewer(request, lang)
    session = noted_session(request)
    if session is None:
        return
    from ..http.identity import storage_of  # noqa: PLC0415 - an extra
    from ..store.accounts.preferences import keep_preference  # noqa: PLC0415

    for name, value in changed.items():
        if value is not None and value != session.preferences.get(name):
            try:
                await storage_of(request).run(lang, keep_preference, session.user, name, value)
            except ProblemError:
                return


def _lang(value: str | None) -> Lang | None:
    return "zh" if value == "zh" else "en" if value == "en" else None


def _theme(value: str | None) -> Theme | None:
    return next((theme for theme in THEMES if theme == value), None)


def _accepted(header: str) -> Lang:
    """Return the first of both languages that a browser accepts; Chinese if it names neither."""
    for item in header.split(","):
        name = item.strip().partition(";")[0].lower()
        if name.partition("-")[0] in ("zh", "en"):
            return "en" if name.startswith("en") else "zh"
    return "zh"
