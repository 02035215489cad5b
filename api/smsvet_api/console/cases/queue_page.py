"""The queue: what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from smsvet import Reviewer
from smsvet.model import Lang

from ...http.identity import storage_of
from ...http.problems import ProblemError
from ...store.cases.claiming import claim_next
from ...store.cases.day import own_day
from ...store.cases.listing import ORDERS, Queue, Row, queue
from ..acting import acting_user, back, plain_form
from ..marks import Mark, Marked, marked
from ..preferences import preferences_of
from ..rendering import FRAGMENT, render
from ..viewer import CASE_READERS, noted_session, require_viewer
from .durations import due_words
from .filter_form import RISKS, FilterForm
from .views_page import saved_views

TEMPLATE: Final = "queue.html.jinja"
BLOCKS: Final = ("counts", "rows")
PAGE: Final = 50

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page shows it."""

    row: Row
    content: Sequence[Marked]
    due: str
    reasons: Sequence[str]
    """Titles of the rules with findings."""


@router.get("/queue")
async def show_queue(request: Request) -> Response:
    """Return the queue within the filter of the address."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, CASE_READERS)
    form = FilterForm.of(request.query_params, user)
    cursor = request.query_params.get("cursor") or None
    run = storage_of(request).run
    try:
        found = await run(lang, queue, user, form.filters, cursor, PAGE, form.order)
    except ProblemError as problem:
        if problem.name != "invalid-fields":
            raise
        return RedirectResponse(f"/queue?{form.query}", 303)  # the cursor of another order
    reviewer = request.app.state.service.ready(lang)
    session = noted_session(request)
    wanted = request.headers.get(FRAGMENT, "").split()
    context = {
        "form": form,
        "counts": found.counts,
        "rows": shown_rows(found, reviewer, lang),
        "next": found.next,
        "cursor": cursor,
        "at": found.at,
        "day": None if found.rows else await run(lang, own_day, user),
        "views": await saved_views(request),
        "may_share": user.role == "lead",
        "providers": [(one.id, one.title.short(lang)) for one in reviewer.providers.values()],
        "provider_names": {one.id: one.title.short(lang) for one in reviewer.providers.values()},
        "risks": RISKS,
        "orders": ORDERS,
        "csrf": session.csrf if session else "",
        "works": user.may("review") and user.role != "auditor",
        "is_lead": user.role in ("lead", "auditor"),
    }
    blocks = [name for name in BLOCKS if name in wanted]
    return render(request, TEMPLATE, context, blocks=blocks, scope="queue")


def shown_rows(found: Queue, reviewer: Reviewer, lang: Lang) -> list[ShownRow]:
    """Return the rows of a page of the queue with their marks and reasons."""
    titles = {rule.id: rule.file.title.say(lang) for rule in reviewer.rules}
    return [
        ShownRow(
            row,
            marked(
                row.text,
                [Mark(one.start, one.end, one.decision, 0) for one in row.marks],
                placeholders=row.kind == "template",
            ),
            due_words(lang, row.due_at, found.at),
            [titles.get(rule, rule) for rule in row.rules],
        )
        for row in found.rows
    ]


@router.post("/queue/next")
async def claim(request: Request) -> Response:
    """Claim the best free case within the filter and lead to it, else back to the queue."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, ("reviewer", "lead"))
    form = FilterForm.of(await plain_form(request), user)
    filters = form.filters
    if form.state == "held":
        filters = FilterForm().filters
    claimed = await storage_of(request).run(lang, claim_next, user, filters)
    query = f"?{form.query}" if form.query else ""
    if claimed is not None:
        return RedirectResponse(f"/cases/{claimed.case_id}{query}", 303)
    return back(request, f"/queue{query}", "queue.said.none")
