"""The page of review quality."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response

from ...http.identity import storage_of
from ...store.accounts.roles import Role
from ...store.quality.disagreements import disagreements
from ...store.quality.golden import add_golden, golden_candidates, list_golden, retire_golden
from ...store.quality.precision import ratio_of
from ...store.quality.rates import current_rates
from ...store.quality.reviewer_figures import agreement_report
from ..acting import acting_user, back, number_in, plain_form
from ..charts.bars import whisker
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
    before, differed_before = number_in(query.get("golden")), number_in(query.get("differed"))
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
    user = await acting_user(request, lang, CHANGERS)
    form = await plain_form(request)
    run = storage_of(request).run
    if "retire" in form:
        await run(lang, retire_golden, user, number_in(form["retire"]) or 0)
        return back(request, "/quality#golden", "quality.retired")
    await run(lang, add_golden, user, number_in(form.get("case")) or 0, form.get("decision", ""))
    return back(request, "/quality#golden", "quality.added")
