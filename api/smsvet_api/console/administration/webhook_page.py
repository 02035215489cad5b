"""The page of one webhook endpoint: its events and secret, the last attempts, and the messages that were not delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from fastapi import APIRouter, Request, Response

from ...http.identity import settings_of, storage_of
from ...http.problems import ProblemError
from ...http.submissions import Number
from ...http.webhooks import MessageId
from ...store.accounts.users import User
from ...store.store import Store
from ...store.webhooks import endpoints, messages
from ...store.webhooks.kinds import KINDS
from ..acting import acting_user, back, number_in, plain_form, sentences
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .users_page import ADMINS
from .webhooks_page import chosen_kinds

P = ParamSpec("P")
T = TypeVar("T")

WEBHOOK: Final = "admin-webhook.html.jinja"
MESSAGES: Final = 20
"""Messages on a page."""
LONGEST_OVERLAP: Final = 168
"""Hours for which an old secret signs beside the new one, as in the API."""

router = APIRouter()


@router.get("/admin/webhooks/{webhook}")
async def show_webhook(request: Request, webhook: Number) -> Response:
    """Return the page of one endpoint."""
    user = await require_viewer(request, preferences_of(request).lang, ADMINS)
    return await _webhook(request, user, webhook)


@router.post("/admin/webhooks/{webhook}/change")
async def change_webhook(request: Request, webhook: Number) -> Response:
    """Change the address and the kinds of messages of an endpoint."""
    user = await acting_user(request, preferences_of(request).lang, ADMINS)
    sent = await plain_form(request)
    return await _changed(
        request,
        user,
        webhook,
        "changed",
        endpoints.change_endpoint,
        url=sent.get("url", "").strip(),
        events=chosen_kinds(sent),
        private=settings_of(request).webhook_private,
    )


@router.post("/admin/webhooks/{webhook}/state")
async def change_state(request: Request, webhook: Number) -> Response:
    """Disable or enable an endpoint."""
    user = await acting_user(request, preferences_of(request).lang, ADMINS)
    disabled = (await plain_form(request)).get("disabled") == "1"
    done = "disabled" if disabled else "enabled"
    return await _changed(request, user, webhook, done, endpoints.change_endpoint, disabled=disabled)


@router.post("/admin/webhooks/{webhook}/test")
async def send_test(request: Request, webhook: Number) -> Response:
    """Send a message that tries an endpoint."""
    user = await acting_user(request, preferences_of(request).lang, ADMINS)
    return await _changed(request, user, webhook, "tested", endpoints.send_test)


@router.post("/admin/webhooks/{webhook}/messages/{message}/resend")
async def resend(request: Request, webhook: Number, message: MessageId) -> Response:
    """Send a message again, with the same id and body."""
    user = await acting_user(request, preferences_of(request).lang, ADMINS)
    return await _changed(request, user, webhook, "resent", messages.resend, message)


@router.post("/admin/webhooks/{webhook}/replay")
async def replay(request: Request, webhook: Number) -> Response:
    """Send all messages again that were not delivered."""
    user = await acting_user(request, preferences_of(request).lang, ADMINS)
    return await _changed(request, user, webhook, "replayed", messages.replay_dead)


@router.post("/admin/webhooks/{webhook}/rotate")
async def rotate_secret(request: Request, webhook: Number) -> Response:
    """Replace the secret, and show the new one in this answer only."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, ADMINS)
    hours = number_in((await plain_form(request)).get("hours"))
    overlap = timedelta(hours=24 if hours is None else min(hours, LONGEST_OVERLAP))
    try:
        secret = await storage_of(request).run(lang, endpoints.rotate_secret, user, webhook, overlap)
    except ProblemError as problem:
        return await _webhook(request, user, webhook, problem=problem)
    return await _webhook(request, user, webhook, secret=secret)


@router.post("/admin/webhooks/{webhook}/delete")
async def delete_webhook(request: Request, webhook: Number) -> Response:
    """Delete an endpoint with its messages."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, ADMINS)
    await storage_of(request).run(lang, endpoints.delete_endpoint, user, webhook)
    return back(request, "/admin/webhooks", "admin.webhooks.done.deleted")


async def _changed(
    request: Request,
    user: User,
    webhook: int,
    done: str,
    function: Callable[Concatenate[Store, User, int, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Call a function of the store for an endpoint and go back to its page, or show the page with the reason."""
    lang = preferences_of(request).lang
    try:
        await storage_of(request).run(lang, function, user, webhook, *args, **kwargs)
    except ProblemError as problem:
        return await _webhook(request, user, webhook, problem=problem)
    return back(request, f"/admin/webhooks/{webhook}", f"admin.webhooks.done.{done}")


async def _webhook(
    request: Request,
    user: User,
    webhook: int,
    *,
    problem: ProblemError | None = None,
    secret: str | None = None,
) -> Response:
    lang = preferences_of(request).lang
    storage = storage_of(request)
    wrong = None if problem is None else sentences(problem)
    query = request.query_params
    state = query.get("state") if query.get("state") in messages.STATES else "dead"
    endpoint = await storage.run(lang, endpoints.read_endpoint, user, webhook)
    attempts = await storage.run(lang, messages.list_attempts, user, webhook)
    found, following = await storage.run(
        lang, messages.list_messages, user, webhook, state, query.get("cursor"), MESSAGES
    )
    context: dict[str, Any] = {
        "endpoint": endpoint,
        "attempts": attempts,
        "messages": found,
        "following": following,
        "state": state,
        "states": messages.STATES,
        "kinds": KINDS,
        "most_hours": LONGEST_OVERLAP,
        "problem": wrong,
        "secret": secret,
        "now": storage.store.now(),
    }
    return render(request, WEBHOOK, context, status=200 if problem is None else problem.status)
