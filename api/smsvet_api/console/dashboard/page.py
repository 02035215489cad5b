"""The page of the dashboard."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from smsvet import Reviewer
from smsvet.fields import PURPOSES
from smsvet.model import Lang

from ...dates import CHINA
from ...http.identity import storage_of
from ...http.service import Service
from ...http.storage import Storage
from ...store.accounts.roles import Role
from ...store.accounts.users import User
from ...store.content.differences import shadow_counts_of
from ...store.content.revision_list import in_service
from ...store.dashboard.deliveries import failing_endpoints
from ...store.dashboard.flow import Flow, flow
from ...store.dashboard.scope import Scope
from ...store.dashboard.waiting import waiting_now
from ...store.quality.flooding import flooding
from ...store.quality.reviewer_figures import reviewer_figures
from ...store.quality.rule_outcomes import rule_outcomes
from ..charts.bars import bars
from ..preferences import preferences_of
from ..rendering import render
from ..rules.rule_view import shown_text
from ..viewer import require_viewer
from .form import CUSTOM, RANGES, DashboardForm
from .view import FEWEST, Change, age_chart, kept_chart, load_chart, most_overturned, most_reviews, titles

READERS: Final[tuple[Role, ...]] = ("reviewer", "lead", "rule_manager", "auditor")
SEE_PEOPLE: Final[tuple[Role, ...]] = ("reviewer", "lead", "auditor")
"""Roles that see figures of reviewers: a reviewer the own ones."""

router = APIRouter()


@router.get("/dashboard")
async def show_dashboard(request: Request) -> Response:
    """Return the dashboard; a reviewer's has the queue and the own figures."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, READERS)
    service: Service = request.app.state.service
    reviewer = service.ready(lang)
    form = DashboardForm.of(request.query_params, reviewer.providers)
    storage = storage_of(request)
    now = storage.store.now()
    scope = form.scope(now)
    waiting, current, before, people = await asyncio.gather(
        storage.run(lang, waiting_now, user, scope),
        storage.run(lang, flow, user, scope),
        _before(storage, user, scope, lang) if form.compare else _nothing(),
        storage.run(lang, reviewer_figures, user, scope.since, scope.until)
        if user.role in SEE_PEOPLE
        else _nothing(),
    )
    context: dict[str, Any] = {
        "form": form,
        "error": form.error(lang),
        "ranges": (*RANGES, CUSTOM),
        "since": scope.since,
        "until": scope.until,
        "providers": sorted((one.title.short(lang), one.id) for one in reviewer.providers.values()),
        "purposes": PURPOSES,
        "waiting": waiting,
        "today": f"{waiting.today.astimezone(CHINA):%Y-%m-%d}",
        "flow": current,
        "before": before,
        "arrived": Change(current.arrived, before.arrived) if before else None,
        "decided": Change(current.decided, before.decided) if before else None,
        "load": load_chart(current, before, lang),
        "kept": kept_chart(current, before, lang),
        "ages": age_chart(waiting, lang),
        "people": people,
        "people_bars": bars([one.decided for one in people or ()]),
        "has_queue": user.role != "rule_manager",
        "own": user.role == "reviewer",
        "tables": None,
        "shown": shown_text,
        "fewest": FEWEST,
    }
    if user.role != "reviewer":
        context["tables"] = await _tables(storage, reviewer, form, scope, lang)
    return render(request, "dashboard.html.jinja", context)


async def _tables(
    storage: Storage, reviewer: Reviewer, form: DashboardForm, scope: Scope, lang: Lang
) -> dict[str, Any]:
    """Return the tables of rules, deliveries and the shadow."""
    ids = [rule.id for rule in reviewer.rules]
    filters = (scope.provider, scope.purpose)
    outcomes, before, floods, endpoints, (shadow, counts) = await asyncio.gather(
        storage.run(lang, rule_outcomes, ids, scope.since, scope.until, *filters),
        storage.run(lang, rule_outcomes, ids, scope.before.since, scope.before.until, *filters)
        if form.compare
        else _nothing(),
        storage.run(lang, flooding, ids, scope.until),
        storage.run(lang, failing_endpoints),
        _shadow(storage, lang),
    )
    return {
        "reviews": most_reviews(outcomes, before, reviewer, lang),
        "overturned": most_overturned(outcomes, before, reviewer, lang),
        "flooding": floods,
        "titles": titles(reviewer, lang),
        "endpoints": endpoints,
        "shadow": shadow,
        "counts": counts,
    }


async def _shadow(storage: Storage, lang: Lang) -> tuple[Any, Any]:
    """Return the revision in shadow and its counts, both None without one."""
    shadow = (await storage.run(lang, in_service)).shadow
    if shadow is None:
        return None, None
    return shadow, await storage.run(lang, shadow_counts_of, shadow.revision)


async def _before(storage: Storage, user: User, scope: Scope, lang: Lang) -> Flow:
    return await storage.run(lang, flow, user, scope.before)


async def _nothing() -> None:
    return None
