"""The page of the trail: events by filters, the state of the last verification, checkpoints and the download."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from smsvet.model import Lang

from ...http.identity import settings_of, storage_of
from ...http.storage import Storage
from ...store.accounts.roles import Role
from ...store.instants import instant
from ...store.trail.checkpoints import take_checkpoint
from ...store.trail.last_verification import last_verification
from ...store.trail.reading import Event, EventFilter, list_events
from ..acting import acting_user, number_in
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .filters import Filters
from .verifier import Verifier, kept_checkpoints

TRAIL: Final = "trail.html.jinja"
READERS: Final[tuple[Role, ...]] = ("auditor", "admin")
PAGE: Final = 50
WINDOW: Final = 2_000
"""Events of a download that are read together."""
SHOWN_CHECKPOINTS: Final = 5
NOUNS: Final = (
    "case", "decision", "submission", "submissions", "sample", "golden", "sampling", "settings", "revision", "export",
    "user", "password", "session", "login", "key", "webhook",
)  # fmt: skip
"""Nouns with which kinds of events begin, for the list of proposals."""
_TELLING: Final = (
    "decision",
    "note",
    "role",
    "case",
    "messages",
    "rows",
    "scopes",
    "user",
    "errors",
    "rules",
)
"""Members of bodies that a line shows first."""

router = APIRouter()


def verifier_of(request: Request) -> Verifier:
    """Return what verifies the trail for the pages of this process."""
    verifier: Verifier = request.app.state.verifier
    return verifier


@router.get("/trail")
async def show_trail(request: Request) -> Response:
    """Return a page of events."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    storage = storage_of(request)
    filters = Filters.of(request.query_params)
    before = number_in(request.query_params.get("before"))
    page = await storage.run(lang, list_events, filters.chosen(), before, PAGE)
    context: dict[str, Any] = {
        "filters": filters,
        "before": before,
        "events": [shown(event) for event in page.events],
        "older": None if page.following is None else f"/trail?{filters.query(before=page.following)}",
        "searched_to": page.searched_to,
        "download": f"/trail/events.jsonl?{filters.query()}",
        "nouns": NOUNS,
        "end": await storage.run(lang, take_checkpoint),
        "verified": await storage.run(lang, last_verification),
        "is_running": verifier_of(request).is_running,
        "checkpoints": kept_checkpoints(settings_of(request))[: -SHOWN_CHECKPOINTS - 1 : -1],
        "lang_of_damage": lang,
    }
    return render(request, TRAIL, context)


@router.post("/trail/verify")
async def verify(request: Request) -> Response:
    """Verify the trail in the background, and go back to the page. Only the result is stored."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, READERS)
    await verifier_of(request).verify(lang, user.actor)
    return RedirectResponse("/trail", 303)


@router.get("/trail/checkpoint.json")
async def download_checkpoint(request: Request) -> Response:
    """Return a checkpoint of now as a line of JSON, as `smsvet trail verify --checkpoint` reads it."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    taken = await storage_of(request).run(lang, take_checkpoint)
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="checkpoint-{taken.seq}.json"',
    }
    return Response(json.dumps(taken.document()) + "\n", 200, headers, "application/json")


@router.get("/trail/events.jsonl")
async def download_events(request: Request) -> Response:
    """Return all selected events as lines of JSON, the newest first, with their hashes."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    chosen = Filters.of(request.query_params).chosen()
    headers = {"cache-control": "no-store", "content-disposition": 'attachment; filename="trail.jsonl"'}
    lines = _lines(storage_of(request), lang, chosen)
    return StreamingResponse(lines, 200, headers, "application/x-ndjson")


async def _lines(storage: Storage, lang: Lang, chosen: EventFilter) -> AsyncIterator[bytes]:
    before = None
    while True:
        page = await storage.run(lang, list_events, chosen, before, WINDOW)
        if page.events:
            yield "".join(json.dumps(asdict(event), default=repr) + "\n" for event in page.events).encode()
        if page.following is None:
            return
        before = page.following


def shown(event: Event) -> dict[str, Any]:
    """Return an event for display; `brief` has the members of its body that say most."""
    members = facts(event.body)
    told = [(name, value) for name, value in members if value not in ("null", "", "false", "[]", "{}")]
    order = {name: place for place, name in enumerate(_TELLING)}
    brief = sorted(told, key=lambda one: order.get(one[0], len(order)))[:2]
    # A damaged trail may have anything in its columns, and is shown all the same.
    texts = {name: str(value) for name, value in asdict(event).items()}
    return {**texts, "time": _time(event.at), "facts": members, "brief": brief}


def _time(text: str) -> datetime | None:
    try:
        return instant(text)
    except (TypeError, ValueError):
        return None


def facts(body: str) -> list[tuple[str, str]]:
    """Return the members of an event's body for display; one member with the whole text for a body that is not an object."""
    try:
        found = json.loads(body)
    except (TypeError, ValueError, RecursionError):
        return [("body", str(body))]
    if not isinstance(found, dict):
        return [("body", body)]
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in found.items()
    ]
