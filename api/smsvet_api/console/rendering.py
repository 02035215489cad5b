"""Renders pages in the frame, and parts of them for the script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block

import smsvet

from ..audit.report.texts import pieces
from . import notices
from .keys import Keys, Scope
from .moments import hour, moment
from .preferences import THEMES, Preferences, keep, preferences_of
from .static_files import address
from .viewer import navigation, noted_session
from .words import text

TEMPLATES: Final = Path(__file__).parent / "templates"
CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "content-security-policy": CONTENT_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
FRAGMENT: Final = "x-fragment"
"""The header with which the script requests parts of a page."""


@cache
def environment() -> Environment:
    """Return the environment of the templates."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["json.dumps_kwargs"] = {"sort_keys": False}
    made.globals["static"] = address
    made.filters |= {"moment": moment, "hour": hour, "pieces": pieces}
    # As globals, since a block that is rendered by itself does not run the imports of its page.
    for name in ("icons", "findings", "content", "charts"):
        made.globals[name] = made.get_template(f"{name}.jinja").module
    return made


def render(
    request: Request,
    template: str,
    context: Mapping[str, object],
    *,
    blocks: Iterable[str] = (),
    status: int = 200,
    form: Mapping[str, str] | None = None,
    scope: Scope = "everywhere",
) -> HTMLResponse:
    """Return a page, or only some of its blocks. `form` may change the language and the theme.

    `scope` selects the shortcuts of the page besides those of every page.
    """
    preferences = preferences_of(request, form)
    values = frame(request, preferences, scope) | dict(context)
    if blocks:
        parts = [render_block(environment(), template, block, **values) for block in blocks]
        if values["notice"]:
            parts.append(environment().get_template("notice.html.jinja").render(values))
        written = "\n".join(parts)
    else:
        written = environment().get_template(template).render(values)
    # A lone surrogate cannot be encoded, and HTML has no NUL.
    content = written.replace("\x00", "\ufffd").encode("utf-8", "replace")
    response = HTMLResponse(content, status, HEADERS | {"vary": f"cookie, {FRAGMENT}"})
    keep(response, form or {}, request.url.scheme == "https")
    notices.remove(request, response)
    return response


def frame(request: Request, preferences: Preferences, scope: Scope) -> dict[str, Any]:
    """Return what the frame of every page needs."""
    session = noted_session(request)
    shortcuts = session is None or session.preferences.get("shortcuts") is not False
    user = None if session is None or session.must_change else session.user
    service = request.app.state.service
    return {
        "t": partial(text, preferences.lang),
        "lang": preferences.lang,
        "preferences": preferences,
        "theme_names": {name: text(preferences.lang, f"frame.theme.{name}") for name in THEMES},
        "path": request.url.path,
        "user": user,
        "key": Keys(scope, preferences.lang, shortcuts),
        "notice": notices.left(request),
        "session": session,
        "nav": navigation(user, request.app.state.try_access.is_allowed(user)),
        "can_sign_in": request.app.state.storage is not None,
        "revision": service.reviewer.revision if service.reviewer is not None else None,
        "version": smsvet.__version__,
        "keeps": None,
    }
