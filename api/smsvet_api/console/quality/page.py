"""The page of review quality."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from smsvet.model import Lang

from ...http.identity import session_in, storage_of
from ...http.problems import ProblemError
from ...store.accounts.roles import Role
from ...store.quality.disagreements import disagreements
from ...store.quality.golden import add_golden, golden_candidates, list_golden, retire_golden
from ...store.quality.precision import ratio_of
from ...store.quality.rates import current_rates
from ...store.quality.reviewer_figures import agreement_report
from ...wording import say
from ..charts.bars import whisker
from ..forms import read_form
from ..notices import Notice, leave
from ..preferences import preferences_of
from ..rendering import render
from ..rules.rule_view import shown_text
from ..viewer import require_viewer

READERS: Final[tuple[Role, ...]] = ("lead", "auditor")
CHANGERS: Final[tuple[Role, ...]] = ("lead",)
PERIODS: Final = (30, 90, 365)
GOLDEN: Final = 20
CANDIDATES: Final = 20

router = APIRouter()


@router.get("/quality")
async def show_quality(request: Request) -> Response:
    """Return the page of a period."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, READERS)
    query = request.query_params
    days = next((days for days in PERIODS if str(days) == query.get("days")), PERIODS[0])
    storage = storage_of(request)
    now = storage.store.now()
    before, differed_before = _optional(query.get("golden", "")), _optional(query.get("differed", ""))
    report, (golden, more_golden), candidates, (differed, more_differed), rates = await asyncio.gather(
        storage.run(lang, agreement_report, now - timedelta(days=days), now),
        storage.run(lang, list_golden, before, GOLDEN),
        storage.run(lang, golden_candidates, CANDIDATES),
        storage.run(lang, disagreements, differed_before),
        storage.run(lang, current_rates),
    )
    context = {
        "days": days,
        "periods": PERIODS,
        "report": report,
        "agreements": [
            (name, one, whisker(ratio_of(one.agreed, one.pairs)))
            for name, one in (("blind", report.blind), ("unblinded", report.unblinded))
        ],
        "golden": [(one, shown_text(one.text)) for one in golden],
        "more_golden": more_golden,
        "golden_before": before,
        "candidates": [(one, shown_text(one.text)) for one in candidates],
        "differed": [(one, shown_text(one.text)) for one in differed],
        "more_differed": more_differed,
        "differed_before": differed_before,
        "rates": rates,
        "ratio": ratio_of,
        "may_change": user.role == "lead",
    }
    return render(request, "quality.html.jinja", context)


@router.post("/quality/golden")
async def change_golden(request: Request) -> Response:
    """Make a golden item, or retire one, and go back to the page."""
    lang = preferences_of(request).lang
    await session_in(request, lang)
    user = await require_viewer(request, lang, CHANGERS)
    form = await read_form(request)
    storage = storage_of(request)
    if "retire" in form:
        await storage.run(lang, retire_golden, user, _number(form["retire"], lang))
        notice = Notice("quality.retired", {})
    else:
        decision = form.get("decision", "")
        await storage.run(lang, add_golden, user, _number(form.get("case", ""), lang), decision)
        notice = Notice("quality.added", {})
    response = RedirectResponse("/quality#golden", 303)
    leave(response, notice, secure=request.url.scheme == "https")
    return response


def _optional(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _number(value: str, lang: Lang) -> int:
    number = _optional(value)
    if number is None:
        raise ProblemError("not-found", say(lang, "没有这个案件", "There is no such case"), lang=lang)
    return number
