"""The routes of the page `/decisions`."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ...http.export_formats import parquet_is_there
from ...http.identity import storage_of
from ...http.problems import ProblemError
from ...store.accounts.roles import Role
from ...store.accounts.users import User, list_users
from ...store.cases.choice import OVERTURNS
from ...store.cases.deciding import undo
from ...store.cases.decision_actions import actions_on
from ...store.cases.decisions import list_decisions
from ...store.cases.handover import reopen
from ..acting import acting_user, back, number_in
from ..forms import local_path, read_form
from ..preferences import preferences_of
from ..providers import provider_names
from ..rendering import render
from ..viewer import require_viewer
from .query import DecisionQuery

TEMPLATE: Final = "decisions.html.jinja"
ROLES: Final[tuple[Role, ...]] = ("reviewer", "lead", "auditor")
REVIEWERS: Final[tuple[Role, ...]] = ("reviewer", "lead")
PAGE: Final = 50

router = APIRouter()


@router.get("/decisions")
async def show_decisions(request: Request) -> Response:
    """Return a page of the decisions that the address selects: one's own for reviewers, else everybody's."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, ROLES)
    query = DecisionQuery.of(request.query_params)
    return await _page(request, user, query, request.query_params.get("cursor"), lang)


@router.post("/decisions/undo")
async def undo_decision(request: Request) -> Response:
    """Withdraw a decision, and lead to its case, which the user has claimed again."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, REVIEWERS)
    sent = await read_form(request)
    try:
        await storage_of(request).run(lang, undo, user, _case(sent))
    except ProblemError as problem:
        if problem.name not in ("too-late", "conflict"):
            raise
        return back(request, _path_before(sent), "decisions.undo_refused", why=problem.detail)
    return back(request, f"/cases/{_case(sent)}", "decisions.undone", n=_case(sent))


@router.post("/decisions/reopen")
async def reopen_decision(request: Request) -> Response:
    """Open a decided case again as a lead, and lead back to the list."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, REVIEWERS)
    sent = await read_form(request)
    note = sent.get("note", "").strip()
    path = _path_before(sent)
    if not note:
        return back(request, path, "decisions.reason_missing")
    try:
        await storage_of(request).run(lang, reopen, user, _case(sent), note)
    except ProblemError as problem:
        if problem.name != "conflict":
            raise
        return back(request, path, "decisions.reopen_refused", why=problem.detail)
    return back(request, path, "decisions.reopened", n=_case(sent))


async def _page(
    request: Request, user: User, query: DecisionQuery, cursor: str | None, lang: Lang
) -> Response:
    storage = storage_of(request)
    errors = query.errors(lang)
    try:
        found = await storage.run(lang, list_decisions, user, query.filters(), cursor, PAGE)
    except ProblemError as problem:
        if problem.name != "invalid-fields":
            raise
        return RedirectResponse(query.address(), 303)  # a cursor that no page has
    allowed = await storage.run(lang, actions_on, user, [one.id for one in found.rows])
    people = await storage.run(lang, list_users) if user.role != "reviewer" else []
    context: dict[str, Any] = {
        "query": query,
        "errors": errors,
        "rows": found.rows,
        "actions": {
            number: [name for name, refusal in one.items() if refusal is None]
            for number, one in allowed.items()
        },
        "now": storage.store.now(),
        "next": query.address(cursor=found.next) if found.next else None,
        "first": cursor is None,
        "people": [one.name for one in people if one.role in ("reviewer", "lead")],
        "overturns": OVERTURNS,
        "providers": provider_names(request, lang),
        "own": user.role == "reviewer",
        "exports": _exports(query, lang) if user.may("export") else [],
        "here": str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
    }
    return render(request, TEMPLATE, context)


def _exports(query: DecisionQuery, lang: Lang) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each table that can be exported with its formats and their addresses."""
    forms: list[Any] = ["csv", *(["parquet"] if parquet_is_there() else [])]
    return [
        (table, [(form, query.export(table, form, lang)) for form in forms])
        for table in ("decisions", "learning")
    ]


def _case(sent: dict[str, str]) -> int:
    """Return the case of a form, 0 for a number that no case has."""
    return number_in(sent.get("case")) or 0


def _path_before(sent: dict[str, str]) -> str:
    path = local_path(sent.get("back", ""))
    return path if path.partition("?")[0] == "/decisions" else "/decisions"
