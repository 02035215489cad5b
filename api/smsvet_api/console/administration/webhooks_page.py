"""The list of webhook endpoints, with the form to add one."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from ...http.identity import settings_of, storage_of
from ...http.problems import ProblemError
from ...store.accounts.users import User
from ...store.webhooks import endpoints
from ...store.webhooks.endpoints import Endpoint
from ...store.webhooks.kinds import KINDS
from ..acting import acting_user, plain_form, sentences
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .users_page import ADMINS, PAGE

WEBHOOKS: Final = "admin-webhooks.html.jinja"

router = APIRouter()


@router.get("/admin/webhooks")
async def show_webhooks(request: Request) -> Response:
    """Return a page of endpoints with the form to add one."""
    user = await require_viewer(request, preferences_of(request).lang, ADMINS)
    return await _webhooks(request, user)


@router.post("/admin/webhooks")
async def add_webhook(request: Request) -> Response:
    """Add an endpoint, and show its secret in this answer only."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    sent = await plain_form(request)
    try:
        endpoint, secret = await storage_of(request).run(
            lang,
            endpoints.add_endpoint,
            admin,
            sent.get("url", "").strip(),
            chosen_kinds(sent),
            sent.get("owner", "").strip() or None,
            private=settings_of(request).webhook_private,
        )
    except ProblemError as problem:
        return await _webhooks(request, admin, sent=sent, problem=problem)
    return await _webhooks(request, admin, added=endpoint, secret=secret)


def chosen_kinds(sent: dict[str, str]) -> list[str]:
    """Return the kinds of messages that are ticked in a form."""
    return [kind for kind in KINDS if sent.get(f"event.{kind}")]


async def _webhooks(
    request: Request,
    user: User,
    *,
    sent: dict[str, str] | None = None,
    problem: ProblemError | None = None,
    added: Endpoint | None = None,
    secret: str | None = None,
) -> Response:
    lang = preferences_of(request).lang
    wrong = None if problem is None else sentences(problem)
    cursor = request.query_params.get("cursor")
    found, following = await storage_of(request).run(lang, endpoints.list_endpoints, user, cursor, PAGE)
    context: dict[str, Any] = {
        "endpoints": found,
        "following": following,
        "first_page": cursor is None,
        "kinds": KINDS,
        "sent": {"url": "", "owner": ""} | (sent or {}),
        "problem": wrong,
        "added": added,
        "secret": secret,
    }
    return render(request, WEBHOOKS, context, status=200 if problem is None else problem.status)
