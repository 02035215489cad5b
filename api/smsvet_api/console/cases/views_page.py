"""Saved views of the queue: filters under a name, of one user or shared by a lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response

from ...http.identity import session_in, storage_of
from ...http.problems import ProblemError
from ...store.accounts.preferences import keep_preference
from ...store.cases.shared_views import change_shared_view, shared_views
from ..acting import back, plain_form, sentences
from ..preferences import preferences_of
from ..viewer import CASE_READERS, noted_session, require_viewer
from .filter_form import FilterForm

VIEWS: Final = "queue_views"
"""The preference with the saved views of a user: names with queries."""
MOST: Final = 9
_LONGEST_NAME: Final = 24

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter under a name."""

    name: str
    query: str
    is_shared: bool


async def saved_views(request: Request) -> list[SavedView]:
    """Return the views of the user of a page, then the shared ones."""
    session = noted_session(request)
    own = _own(session.preferences if session else {})
    shared = await storage_of(request).run(preferences_of(request).lang, shared_views)
    views = [(own, False), (shared, True)]
    return [SavedView(name, query, is_shared) for some, is_shared in views for name, query in some.items()]


def _own(preferences: Mapping[str, object]) -> dict[str, str]:
    kept = preferences.get(VIEWS)
    if not isinstance(kept, dict):
        return {}
    return dict([(str(name), str(query)) for name, query in kept.items()][:MOST])


@router.post("/queue/views")
async def change_views(request: Request) -> Response:
    """Save the filter as a view of the user or of everybody, or remove one."""
    lang = preferences_of(request).lang
    session = await session_in(request, lang)
    user = await require_viewer(request, lang, CASE_READERS)
    sent = await plain_form(request)
    form = FilterForm.of(sent, user)
    path = f"/queue?{form.query}" if form.query else "/queue"
    run = storage_of(request).run
    name = "".join(filter(str.isprintable, sent.get("name", ""))).strip()[:_LONGEST_NAME]
    if "unshare" in sent or ("share" in sent and name):
        change = (sent["unshare"], None) if "unshare" in sent else (name, form.query)
        try:
            await run(lang, change_shared_view, user, *change)
        except ProblemError as problem:
            return back(request, path, "queue.said.refused", why=" ".join(sentences(problem)))
        return back(request, path, "queue.said.saved")
    views = _own(session.preferences)
    if "remove" in sent:
        views.pop(sent["remove"], None)
    elif not name or (name not in views and len(views) >= MOST):
        return back(request, path, "queue.said.not_saved", most=MOST)
    else:
        views[name] = form.query
    await run(lang, keep_preference, user, VIEWS, views or None)
    return back(request, path, "queue.said.saved")
