"""The pages of reports: the list, and the overview of one comparison or audit."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from smsvet.extras import is_installed
from smsvet.model import Lang

from ...audit.comparison.transitions import NAMES
from ...audit.report.charts import bars
from ...audit.report.page import REPORT
from ...http.identity import settings_of
from ...http.problems import ProblemError
from ...store.accounts.roles import Role
from ...wording import say
from ..acting import number_in
from ..preferences import preferences_of
from ..rendering import CONTENT_POLICY, render
from ..viewer import require_viewer
from .folder import Report, downloads, find_report, find_reports, read_report
from .stored import Comparison

REPORTS: Final = "reports.html.jinja"
TEMPLATE: Final = "report.html.jinja"
READERS: Final[tuple[Role, ...]] = ("lead", "rule_manager", "auditor")
PAGE: Final = 20
MOST_RULES: Final = 200
MOST_FILES: Final = 100

router = APIRouter()


@router.get("/reports")
async def show_reports(request: Request) -> Response:
    """Return a page of the reports in the folder, the newest first."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    root = settings_of(request).reports
    skipped = number_in(request.query_params.get("after")) or 0
    reports: list[Report] = []
    following, damage = None, None
    if root is not None:
        try:
            found = await asyncio.to_thread(find_reports, root)
        except OSError as error:
            found, damage = [], error.strerror or type(error).__name__
        chosen = found[skipped : skipped + PAGE]
        reports = [await asyncio.to_thread(read_report, one) for one in chosen]
        following = skipped + PAGE if len(found) > skipped + PAGE else None
    context: dict[str, Any] = {
        "folder": None if root is None else str(root),
        "reports": reports,
        "damage": damage,
        "skipped": skipped,
        "following": following,
        "names": NAMES,
    }
    return render(request, REPORTS, context)


@router.get("/reports/{report}")
async def show_report(request: Request, report: str) -> Response:
    """Return the overview of a report: the matrix and the rules of a comparison, or the figures of an audit."""
    lang = preferences_of(request).lang
    await require_viewer(request, lang, READERS)
    found = await report_of(request, report, lang)
    files = await asyncio.to_thread(downloads, found)
    is_shown = request.query_params.get("view") == "html" and REPORT in files
    context: dict[str, Any] = {
        "report": found,
        "names": NAMES,
        "rules": [] if found.comparison is None else rule_rows(found.comparison),
        "files": [(name, path.stat().st_size) for name, path in list(files.items())[:MOST_FILES]],
        "further_files": max(0, len(files) - MOST_FILES),
        "has_html": REPORT in files,
        "is_shown": is_shown,
        "has_parquet": is_installed("pyarrow"),
        "tab": "html" if is_shown else "overview",
    }
    response = render(request, TEMPLATE, context)
    if is_shown:
        response.headers["content-security-policy"] = f"{CONTENT_POLICY}; frame-src 'self'"
    return response


async def report_of(request: Request, report_id: str, lang: Lang) -> Report:
    """Return the report of an id. Raises ProblemError (404) if there is none."""
    root = settings_of(request).reports
    found = None
    if root is not None:
        try:
            found = await asyncio.to_thread(find_report, root, report_id)
        except OSError:
            found = None
    if found is None:
        raise ProblemError("not-found", say(lang, "没有这份报告", "there is no such report"), lang=lang)
    return await asyncio.to_thread(read_report, found)


def rule_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the rules that moved most items, each with the length of its bar in percent of the longest."""
    ordered = sorted(comparison.rules.items(), key=lambda one: (-one[1].responsible, one[0]))[:MOST_RULES]
    lengths = bars([rule.responsible for _, rule in ordered])
    return [
        {
            "id": name,
            "rule": rule,
            "bar": length,
            "moves": [
                (*move.partition(">")[::2], items)
                for move, items in sorted(rule.moves.items(), key=lambda one: (-one[1], one[0]))
                if set(move.partition(">")[::2]) <= set(NAMES)
            ],
        }
        for (name, rule), length in zip(ordered, lengths, strict=True)
    ]
