"""The page of API keys: add one, whose secret is shown once, and revoke one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from smsvet.model import Lang

from ...dates import CHINA
from ...http.identity import storage_of
from ...http.parameters import RowId
from ...http.problems import FieldError, ProblemError, invalid_fields
from ...store.accounts import keys as store_keys
from ...store.accounts.roles import SCOPES
from ...store.accounts.users import find_user
from ...wording import say
from ..acting import acting_user, back, number_in, plain_form, sentences
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .users_page import ADMINS, PAGE

KEYS: Final = "admin-keys.html.jinja"

router = APIRouter()


@router.get("/admin/keys")
async def show_keys(request: Request) -> Response:
    """Return a page of keys with the form to add one."""
    await require_viewer(request, preferences_of(request).lang, ADMINS)
    return await _keys(request)


@router.post("/admin/keys")
async def add_key(request: Request) -> Response:
    """Add a key, and show it in this answer only."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    sent = await plain_form(request)
    storage = storage_of(request)
    try:
        expires_at = end_of_day(sent.get("expires", ""), lang)
        owner = await storage.run(lang, find_user, sent.get("user", "")[:64])
        key = await storage.run(
            lang,
            store_keys.add_key,
            owner.id,
            sent.get("name", ""),
            [scope for scope in SCOPES if sent.get(f"scope.{scope}")],
            admin.actor,
            expires_at,
        )
    except ProblemError as problem:
        return await _keys(request, sent=sent, problem=problem)
    return await _keys(request, key=key)


@router.post("/admin/keys/{id}/revoke")
async def revoke_key(request: Request, key_id: RowId) -> Response:
    """Revoke a key for ever."""
    lang = preferences_of(request).lang
    admin = await acting_user(request, lang, ADMINS)
    try:
        await storage_of(request).run(lang, store_keys.revoke_key, key_id, admin.actor)
    except ProblemError as problem:
        return await _keys(request, problem=problem)
    return back(request, "/admin/keys", "admin.keys.done.revoked")


async def _keys(
    request: Request,
    *,
    sent: dict[str, str] | None = None,
    problem: ProblemError | None = None,
    key: str | None = None,
) -> Response:
    lang = preferences_of(request).lang
    storage = storage_of(request)
    after = number_in(request.query_params.get("after")) or 0
    wrong = None if problem is None else sentences(problem)
    found = await storage.run(lang, store_keys.list_keys, after, PAGE + 1)
    context: dict[str, Any] = {
        "keys": found[:PAGE],
        "after": after,
        "following": found[PAGE - 1].id if len(found) > PAGE else None,
        "scopes": SCOPES,
        "sent": {"user": request.query_params.get("user", "")[:64], "name": "", "expires": ""} | (sent or {}),
        "problem": wrong,
        "added": key,
        "now": storage.store.now(),
    }
    return render(request, KEYS, context, status=200 if problem is None else problem.status)


def end_of_day(text: str, lang: Lang) -> datetime | None:
    """Return the end of a day in China, None for an empty text. Raises ProblemError for anything else."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip()) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        message = say(lang, "到期日应写作 2026-12-31", "the last day is written as 2026-12-31")
        raise invalid_fields([FieldError(field="expires", message=message)], lang) from error
    return datetime.combine(day, time(), CHINA)
