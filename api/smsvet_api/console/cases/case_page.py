"""The page of a case."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from smsvet.model import Fault, Lang

from ...http.identity import storage_of
from ...http.parameters import RowId
from ...http.problems import ProblemError
from ...http.service import Service
from ...store.accounts.users import User, list_users
from ...store.cases.choice import LONGEST_MESSAGE, LONGEST_NOTE, OVERTURNS
from ...store.cases.view import CaseView, view_case
from ...store.quality.outcomes import ORDINARY
from ...wording import say
from ..preferences import preferences_of
from ..rendering import FRAGMENT, render
from ..rules.page import COLLECTORS
from ..trying.view import changed
from ..viewer import CASE_READERS, noted_session, require_viewer
from .case_view import ShownCase, body_of, shown_case
from .filter_form import FilterForm
from .found_terms import found_terms

TEMPLATE: Final = "case.html.jinja"
BLOCKS: Final = ("clocks", "fixed", "why", "again")
HOLDS: Final = (1, 4, 24, 72)
"""Hours for which a case can be held."""

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that is shown again, and why it was not taken: sentences, or the conflict with somebody's change."""

    fields: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[str] | None = None
    sentences: Sequence[str] = ()
    conflict: Mapping[str, Any] | None = None
    status: int = 200


@router.get("/cases/{id}")
async def show_case(request: Request, case_id: RowId) -> Response:
    """Return the page of a case. Reading does not claim it."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, CASE_READERS)
    within = FilterForm.of(request.query_params, user).query
    return await case_page(request, user, case_id, lang, within, Sent())


async def case_page(
    request: Request, user: User, case_id: int, lang: Lang, within: str, sent: Sent
) -> Response:
    """Return the page of a case, or the parts that the script requests. `within` is the query of the queue's filter."""
    run = storage_of(request).run
    view = await run(lang, view_case, user, case_id)
    service: Service = request.app.state.service
    reviewer = service.ready(lang)
    withdrawn = view.withdrawn
    ticked = sent.reasons if sent.reasons is not None else withdrawn.reasons if withdrawn else None
    fields = dict(sent.fields)
    if withdrawn and not fields:
        fields = {"note": withdrawn.note, "message": withdrawn.message, "overturn": withdrawn.overturn or ""}
    shown = shown_case(view, reviewer, lang, ticked, fields.get("message", ""))
    session = noted_session(request)
    wanted = request.headers.get(FRAGMENT, "").split()
    names = {one.id: one.title.short(lang) for one in reviewer.providers.values()}
    context: dict[str, Any] = {
        "view": view,
        "row": view.row,
        "shown": shown,
        "sent": sent,
        "note": fields.get("note", ""),
        "overturn": fields.get("overturn", ""),
        "idem": secrets.token_urlsafe(18),
        "csrf": session.csrf if session else "",
        "within": within,
        "provider_name": names.get(view.row.provider, view.row.provider),
        "may": {action: refusal is None for action, refusal in view.actions.items()},
        "why_not": _refusal(view, lang),
        "reviewers": await _reviewers(request, user, lang) if view.actions["reassign"] is None else (),
        "overturns": OVERTURNS,
        "holds": [(hours, view.at + timedelta(hours=hours)) for hours in HOLDS],
        "longest": {"note": LONGEST_NOTE, "message": LONGEST_MESSAGE},
        "hidden": view.row.blind and user.role != "auditor",
        "terms": found_terms(view, shown, reviewer),
        "collects": user.role in COLLECTORS and _is_overturned(view),
    }
    context |= await _asked(request, view, shown, service, lang, wanted)
    blocks = [name for name in BLOCKS if name in wanted]
    return render(request, TEMPLATE, context, blocks=blocks, status=sent.status, scope="case")


async def _asked(
    request: Request, view: CaseView, shown: ShownCase, service: Service, lang: Lang, wanted: list[str]
) -> dict[str, Any]:
    """Return the parts that only some requests need: the fixed version, an explanation, today's verdict."""
    found: dict[str, Any] = {"fixed": None, "explanation": None, "word": "", "now": None}
    query = request.query_params
    if view.submission is None or (view.row.blind and view.verdict is None):
        return found
    if query.get("show") == "fixed":
        found["fixed"] = await _fixed(view, shown, service, lang)
    found["word"] = query.get("word", "").strip()[:200]
    if found["word"]:
        explained = await service.explanation(body_of(view), found["word"], lang)
        found["explanation"] = None if isinstance(explained, Fault) else explained
    reviewer = service.ready(lang)
    stale = view.verdict is not None and view.revision != reviewer.revision
    if stale and view.row.state != "decided" and (not wanted or "page" in wanted):
        found["now"] = await _now(view, service, lang)
    return found


async def _fixed(view: CaseView, shown: ShownCase, service: Service, lang: Lang) -> dict[str, Any]:
    corrections = await service.corrections(body_of(view), lang)
    changes = []
    for fix in corrections.together:
        before = shown.form.content if fix.field == shown.form.main_field else shown.form.signature
        removed, added = changed(before, fix.text)
        pairs = enumerate(zip(before, fix.text, strict=False))
        start = next((at for at, (old, new) in pairs if old != new), min(len(before), len(fix.text)))
        changes.append((fix.text[:start], removed, added, fix.text[start + len(added) :]))
    return {"changes": changes, "decision": corrections.decision}


async def _now(view: CaseView, service: Service, lang: Lang) -> dict[str, Any] | None:
    """Return the verdict by the rules of now if it differs from the stored one, None also if it cannot be had."""
    try:
        answer = await service.review(body_of(view), lang)
    except ProblemError:
        return None
    verdict = json.loads(answer.content)
    old = (view.verdict or {"findings": ()})["findings"]
    titles = {one["rule"]: one.get("title") or one["rule"] for one in (*old, *verdict["findings"])}
    before, after = {one["rule"] for one in old}, {one["rule"] for one in verdict["findings"]}
    if before == after and verdict["decision"] == view.row.decision:
        return None
    return {
        "decision": verdict["decision"],
        "more": [titles[rule] for rule in sorted(after - before)],
        "fewer": [titles[rule] for rule in sorted(before - after)],
    }


def _refusal(view: CaseView, lang: Lang) -> str:
    """Return why the user cannot decide, empty if the user can."""
    found = view.actions["decide"]
    return say(lang, found.chinese, found.english) if found else ""


def _is_overturned(view: CaseView) -> bool:
    """Return whether a person approved the case in spite of findings, so that it is an example for their rules."""
    decided = [one.decision for one in view.history if one.kind == "case.decided"]
    return view.row.state == "decided" and view.origin in ORDINARY and decided[-1:] == ["approve"]


async def _reviewers(request: Request, user: User, lang: Lang) -> list[str]:
    accounts = await storage_of(request).run(lang, list_users, 0, 1000)
    working = [one for one in accounts if one.role in ("reviewer", "lead") and one.disabled_at is None]
    return [one.name for one in working if one.id != user.id]
