"""The page of moved rows, read from the table by pages, with the button that opens them as cases."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from smsvet.extras import is_installed
from smsvet.model import Lang

from ...audit.comparison.comparison import MOVED
from ...audit.comparison.moved_pages import NOBODY, MovedFilter, count_moved, moved_page
from ...audit.comparison.transitions import NAMES
from ...files.rows import InputError
from ...http.identity import storage_of
from ...http.problems import ProblemError
from ...http.routes import service_of
from ...store.accounts.users import User
from ...store.cases.actions import opening_refusal
from ...store.submissions.reporting import opened_ids
from ...wording import say
from ..acting import acting_user, back, number_in, plain_form, sentences
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .cases import MOST, Plan, client_id, open_cases, plan, report_id, run_of
from .folder import Report
from .page import READERS, report_of

ROWS: Final = "report-rows.html.jinja"
PAGE: Final = 30
LONGEST_RULE: Final = 200

router = APIRouter()


@router.get("/reports/{report}/rows")
async def show_rows(request: Request, report: str) -> Response:
    """Return a page of the rows of one rule or one move."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, READERS)
    chosen = filter_in(dict(request.query_params))
    return await _rows(request, user, await report_of(request, report, lang), chosen)


@router.post("/reports/{report}/cases")
async def open_as_cases(request: Request, report: str) -> Response:
    """Open cases for the selected rows that have none, and go back to them."""
    lang = preferences_of(request).lang
    user = await acting_user(request, lang, READERS)
    if (refused := opening_refusal(user)) is not None:
        raise ProblemError("forbidden", say(lang, refused.chinese, refused.english), lang=lang)
    chosen = filter_in(await plain_form(request))
    found = await report_of(request, report, lang)
    if found.comparison is None or not is_installed("pyarrow"):
        raise ProblemError("not-found", say(lang, "没有变化的行", "there are no moved rows"), lang=lang)
    try:
        opened, unreadable = await open_cases(
            storage_of(request), service_of(request), user, found, chosen, lang
        )
    except ProblemError as problem:
        return await _rows(request, user, found, chosen, problem=problem)
    except damage() as error:
        return await _rows(request, user, found, chosen, wrong=[said(error)])
    path = f"/reports/{found.found.id}/rows?{query_of(chosen)}"
    if unreadable:
        return back(request, path, "reports.opened_but", n=opened, unreadable=unreadable)
    return back(request, path, "reports.opened", n=opened)


def filter_in(sent: dict[str, str]) -> MovedFilter:
    """Return the filter in a query or a form; decisions that do not exist do not filter."""
    rule = sent.get("rule", "")[:LONGEST_RULE] or None
    old, new = (sent.get(name) if sent.get(name) in NAMES else None for name in ("old", "new"))
    return MovedFilter(rule, old, new)


def query_of(chosen: MovedFilter, **more: object) -> str:
    """Return the query of an address with a filter."""
    named = {"rule": chosen.rule, "old": chosen.old, "new": chosen.new}
    return urlencode({name: value for name, value in named.items() if value} | more)


def damage() -> tuple[type[Exception], ...]:
    """Return the errors of files that cannot be read."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return InputError, OSError, pa.ArrowException, KeyError


def said(error: Exception) -> str:
    """Return what is wrong with a file, without the path of its folder."""
    if isinstance(error, InputError):
        return str(error)
    return f"{MOVED}: {type(error).__name__}"


async def _rows(
    request: Request,
    user: User,
    report: Report,
    chosen: MovedFilter,
    *,
    problem: ProblemError | None = None,
    wrong: list[str] | None = None,
) -> Response:
    lang = preferences_of(request).lang
    after = number_in(request.query_params.get("after")) or 0
    wrong = sentences(problem) if problem is not None else wrong or []
    context: dict[str, Any] = {
        "report": report,
        "chosen": chosen,
        "nobody": NOBODY,
        "names": NAMES,
        "rows": [],
        "total": None,
        "after": after,
        "older": None,
        "here": f"/reports/{report.found.id}/rows?{query_of(chosen)}",
        "opened": frozenset(),
        "plan": None,
        "blocked": None,
        "most": MOST,
        "problem": wrong,
        "tab": "rows",
        "has_html": True,
        "is_installed": is_installed("pyarrow"),
    }
    if report.comparison is not None and is_installed("pyarrow"):
        try:
            context |= await _read(request, user, report, chosen, after, lang)
        except damage() as error:
            wrong.append(said(error))
    return render(request, ROWS, context, status=200 if problem is None else problem.status)


async def _read(
    request: Request, user: User, report: Report, chosen: MovedFilter, after: int, lang: Lang
) -> dict[str, Any]:
    path, name = report.found.folder / MOVED, report_id(report)
    page = await asyncio.to_thread(moved_page, path, chosen, after, PAGE)
    opened = await storage_of(request).run(lang, opened_ids, name)
    rows = [
        {**row, "is_open": client_id(name, (row["file"], row["row"])) in opened, "rules": row["rules"] or []}
        for row in page.rows
    ]
    found: dict[str, Any] = {
        "rows": rows,
        "total": await asyncio.to_thread(count_moved, path, chosen),
        "older": None
        if page.following is None
        else f"/reports/{report.found.id}/rows?{query_of(chosen, after=page.following)}",
    }
    if opening_refusal(user) is None:
        made: Plan = await asyncio.to_thread(plan, report, chosen, opened)
        found["plan"] = made
        try:
            await asyncio.to_thread(run_of, report, service_of(request), lang)
        except InputError as error:
            found["blocked"] = str(error)
    return found
