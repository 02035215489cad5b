"""The pages to sign in, to change a password, and the button to sign out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ..http.csrf import check_login_origin
from ..http.identity import session_in, settings_of, storage_of
from ..http.problems import ProblemError
from ..http.transport import address_of, cookie_name, delete_cookie, require_safe_transport, set_cookie
from ..store.accounts.login import change_password, log_in
from ..store.accounts.sessions import NewSession, end_session
from .forms import local_path, read_form
from .preferences import keep, preferences_of
from .rendering import render
from .viewer import look_up_viewer

LOGIN: Final = "login.html.jinja"
PASSWORD: Final = "password.html.jinja"  # noqa: S105 - a template
_EXPECTED: Final = {
    "wrong-login",
    "too-many-requests",
    "invalid-fields",
    "plain-http",
    "busy",
    "store-down",
    "csrf",
}
"""Problems that the form itself shows. It keeps the name, and never a password."""

router = APIRouter()


@router.get("/login")
async def show_login(request: Request) -> Response:
    """Return the form to sign in."""
    await look_up_viewer(request, preferences_of(request).lang)
    back = local_path(request.query_params.get("back", ""))
    return render(request, LOGIN, {"name": "", "back": back, "problem": None})


@router.post("/login")
async def sign_in(request: Request) -> Response:
    """Begin a session and lead to the page that was wanted, or show the form again with the reason."""
    sent = await read_form(request)
    lang = preferences_of(request).lang
    back = local_path(sent.get("back", ""))
    try:
        cookie = require_safe_transport(request, settings_of(request), lang)
        check_login_origin(request, lang)
        new = await storage_of(request).run_hashing(
            lang,
            log_in,
            sent.get("name", "")[:64],
            sent.get("password", "")[:256],
            address_of(request),
            request.headers.get("user-agent", ""),
        )
    except ProblemError as problem:
        return _again(request, LOGIN, problem, {"name": sent.get("name", "")[:64], "back": back})
    response = _begun(new, cookie, "/password" if new.session.must_change else back)
    keep(response, new.session.preferences, request.url.scheme == "https")
    return response


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """End the session."""
    lang = preferences_of(request).lang
    session = await session_in(request, lang)
    await storage_of(request).run(lang, end_session, session.id, session.user)
    response = RedirectResponse("/login", 303)
    delete_cookie(response, cookie_name(request, settings_of(request)) or "")
    return response


@router.get("/password")
async def show_password(request: Request) -> Response:
    """Return the form to change one's password."""
    lang = preferences_of(request).lang
    session = await session_in(request, lang)
    await look_up_viewer(request, lang)
    return render(request, PASSWORD, {"csrf": session.csrf, "given": session.must_change, "problem": None})


@router.post("/password")
async def set_password(request: Request) -> Response:
    """Change the password and begin a new session, or show the form again with the reason."""
    lang = preferences_of(request).lang
    session = await session_in(request, lang)
    sent = await read_form(request)
    try:
        cookie = require_safe_transport(request, settings_of(request), lang)
        new = await storage_of(request).run_hashing(
            lang, change_password, session, sent.get("old", "")[:256], sent.get("new", "")[:256]
        )
    except ProblemError as problem:
        return _again(request, PASSWORD, problem, {"csrf": session.csrf, "given": session.must_change})
    return _begun(new, cookie, "/")


def _begun(new: NewSession, cookie: str, path: str) -> Response:
    response = RedirectResponse(path, 303)
    set_cookie(response, cookie, new.cookie)
    return response


def _again(request: Request, template: str, problem: ProblemError, context: Mapping[str, object]) -> Response:
    """Return the form with the reason. Raises ProblemError for a problem that no other entry would solve."""
    if problem.name not in _EXPECTED:
        raise problem
    sentences = [error.message for error in problem.errors or ()] or [problem.detail]
    response = render(request, template, {**context, "problem": sentences}, status=problem.status)
    response.headers.update(problem.headers)
    return response
