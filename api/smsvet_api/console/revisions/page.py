"""The page of revisions: the active one, the shadow, earlier and refused ones; reload, shadow, promotion and roll-back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, get_args

from fastapi import APIRouter, Request, Response

from ...http.content_control import ContentControl
from ...http.identity import settings_of, storage_of
from ...http.parameters import RowId
from ...http.problems import ProblemError
from ...http.revisions import control_of
from ...store.accounts.roles import Role
from ...store.accounts.users import User
from ...store.content.differences import Relation, shadow_counts_of
from ...store.content.forecasting import difference_samples, forecast
from ...store.content.revision_list import in_service, list_revisions, revision_by_id
from ..acting import acting_user, back, number_in, plain_form, sentences
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .form import LONGEST_NOTE, ShadowForm, required_note

REVISIONS: Final = "revisions.html.jinja"
REVISION: Final = "revision.html.jinja"
READERS: Final[tuple[Role, ...]] = ("rule_manager", "auditor")
CHANGERS: Final[tuple[Role, ...]] = ("rule_manager",)
PAGE: Final = 20
SAMPLES: Final = 5
"""Differences of the shadow on the first page."""
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)

router = APIRouter()


@router.get("/revisions")
async def show_revisions(request: Request) -> Response:
    """Return the page of revisions."""
    user = await require_viewer(request, preferences_of(request).lang, READERS)
    return await _revisions(request, user)


@router.post("/revisions/reload")
async def reload(request: Request) -> Response:
    """Load the configured content again."""
    return await _changed(request, "reloaded", _reload)


@router.post("/revisions/shadow")
async def begin_shadow(request: Request) -> Response:
    """Load a shadow revision."""
    return await _changed(request, "shadowed", _begin_shadow)


@router.post("/revisions/shadow/end")
async def end_shadow(request: Request) -> Response:
    """End the shadow revision."""
    return await _changed(request, "ended", _end_shadow)


@router.post("/revisions/promote")
async def promote(request: Request) -> Response:
    """Make the shadow the active revision, with a note that says why."""
    return await _changed(request, "promoted", _promote)


@router.post("/revisions/rollback")
async def roll_back(request: Request) -> Response:
    """Return to the revision before, or to the one that the form names."""
    return await _changed(request, "rolled-back", _roll_back)


@router.get("/revisions/{id}")
async def show_revision(request: Request, number: RowId) -> Response:
    """Return one revision: its places and errors and, for a shadow, what it decides differently."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    storage = storage_of(request)
    query = request.query_params
    wanted = query.get("relation")
    relation: Relation | None = next((one for one in RELATIONS if one == wanted), None)
    row = await storage.run(lang, revision_by_id, number)
    before = number_in(query.get("before"))
    samples, following = await storage.run(lang, difference_samples, row.revision, relation, before, PAGE)
    context: dict[str, Any] = {
        "row": row,
        "counts": await storage.run(lang, shadow_counts_of, row.revision),
        "samples": samples if row.revision else [],
        "following": following,
        "before": before,
        "relation": relation,
        "relations": RELATIONS,
    }
    return render(request, REVISION, context)


Change = Callable[[Request, ContentControl, User, dict[str, str]], Awaitable[object]]


async def _changed(request: Request, done: str, change: Change) -> Response:
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, CHANGERS)
    sent = await plain_form(request)
    try:
        await change(request, control_of(request), user, sent)
    except ProblemError as problem:
        return await _revisions(request, user, sent=sent, problem=problem, about=done)
    return back(request, "/revisions", f"revisions.done.{done}")


async def _reload(request: Request, control: ContentControl, user: User, _sent: dict[str, str]) -> None:
    await control.reload(preferences_of(request).lang, user.actor)


async def _begin_shadow(request: Request, control: ContentControl, user: User, sent: dict[str, str]) -> None:
    lang = preferences_of(request).lang
    places = ShadowForm.of(sent).places(settings_of(request), lang)
    await control.begin_shadow(lang, user.actor, places)


async def _end_shadow(request: Request, control: ContentControl, user: User, _sent: dict[str, str]) -> None:
    await control.end_shadow(preferences_of(request).lang, user.actor)


async def _promote(request: Request, control: ContentControl, user: User, sent: dict[str, str]) -> None:
    lang = preferences_of(request).lang
    await control.promote(lang, user.actor, required_note(sent, lang))


async def _roll_back(request: Request, control: ContentControl, user: User, sent: dict[str, str]) -> None:
    note = sent.get("note", "").strip()[:LONGEST_NOTE]
    await control.roll_back(preferences_of(request).lang, user.actor, note, sent.get("revision") or None)


async def _revisions(
    request: Request,
    user: User,
    *,
    sent: dict[str, str] | None = None,
    problem: ProblemError | None = None,
    about: str | None = None,
) -> Response:
    lang = preferences_of(request).lang
    storage, settings = storage_of(request), settings_of(request)
    wrong = None if problem is None else sentences(problem)
    before = number_in(request.query_params.get("before"))
    state = await storage.run(lang, in_service)
    found, following = await storage.run(lang, list_revisions, before, PAGE)
    shadow = state.shadow
    context: dict[str, Any] = {
        "active": state.active,
        "shadow": shadow,
        "counts": shadow and await storage.run(lang, shadow_counts_of, shadow.revision),
        "forecast": shadow and await storage.run(lang, forecast, shadow.revision),
        "samples": (await storage.run(lang, difference_samples, shadow.revision, None, None, SAMPLES))[0]
        if shadow
        else [],
        "refused": found[0] if found and found[0].state == "refused" and before is None else None,
        "revisions": found,
        "following": following,
        "before": before,
        "earlier": any(one.state == "earlier" for one in found),
        "may_change": user.may("rules"),
        "shadow_content": [str(path) for path in settings.shadow_content],
        "form": ShadowForm.of(sent or {}),
        "note": (sent or {}).get("note", ""),
        "problem": wrong,
        "about": about,
    }
    return render(request, REVISIONS, context, status=200 if problem is None else problem.status)
