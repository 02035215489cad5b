"""The pages of the rules and of one rule."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response

from smsvet.model import Lang
from smsvet.rules.rule import Rule

from ... import dates
from ...http.identity import storage_of
from ...http.problems import ProblemError
from ...http.service import Service
from ...store.accounts.roles import Role
from ...store.accounts.users import User
from ...store.quality.examples import list_examples
from ...store.quality.overturned import overturned_decisions
from ...store.quality.rule_figures import rule_figures
from ...store.quality.rule_outcomes import rule_outcomes
from ...wording import say
from ..acting import number_in
from ..charts.bars import whisker
from ..preferences import preferences_of
from ..rendering import render
from ..viewer import require_viewer
from .listing import CHANGES, DECISIONS, ORDERS, RuleFilters, select, topic_of
from .rule_view import daily_chart, shown_text, view_of
from .sources import rule_text

PERIOD: Final = timedelta(days=30)
READERS: Final[tuple[Role, ...]] = ("reviewer", "lead", "rule_manager", "auditor")
COLLECTORS: Final[tuple[Role, ...]] = ("reviewer", "lead", "rule_manager")
"""Roles with a basket of examples."""

router = APIRouter()


@router.get("/rules")
async def show_rules(request: Request) -> Response:
    """Return a page of the rules with the figures of the last 30 days."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, READERS)
    service: Service = request.app.state.service
    reviewer = service.ready(lang)
    filters = RuleFilters.of(request.query_params)
    storage = storage_of(request)
    now = storage.store.now()
    ids = [rule.id for rule in reviewer.rules]
    outcomes = await storage.run(lang, rule_outcomes, ids, now - PERIOD, now)
    context = {
        "filters": filters,
        "found": select(reviewer, filters, outcomes, dates.today(), lang),
        "all": len(ids),
        "decisions": DECISIONS,
        "changes": CHANGES,
        "orders": ORDERS,
        "topics": sorted({topic_of(rule) for rule in reviewer.rules}),
        "providers": sorted((one.title.short(lang), one.id) for one in reviewer.providers.values()),
        "basket": await _basket(request, user, lang),
    }
    return render(request, "rules.html.jinja", context)


@router.get("/rules/{rule_id:path}")
async def show_rule(request: Request, rule_id: str) -> Response:
    """Return the page of a rule."""
    lang = preferences_of(request).lang
    user = await require_viewer(request, lang, READERS)
    service: Service = request.app.state.service
    revision = service.loaded(lang)
    rule = next((one for one in revision.reviewer.rules if one.id == rule_id), None)
    if rule is None:
        raise ProblemError("not-found", say(lang, "没有这条规则", "There is no such rule"), lang=lang)
    storage = storage_of(request)
    now = storage.store.now()
    before = number_in(request.query_params.get("before"))
    figures, (overturned, following), yaml = await asyncio.gather(
        storage.run(lang, rule_figures, rule.id, now - PERIOD, now),
        storage.run(lang, overturned_decisions, rule.id, now - PERIOD, now, before),
        asyncio.to_thread(rule_text, revision, rule.id),
    )
    collected = await _collected(request, user, rule, lang)
    context = {
        "rule": view_of(rule, revision.reviewer, lang),
        "figures": figures,
        "precision": whisker(figures.precision),
        "chart": daily_chart(figures, lang),
        "overturned": [(one, shown_text(one.text), shown_text(one.note)) for one in overturned],
        "before": before,
        "following": following,
        "yaml": yaml,
        "collects": user.role in COLLECTORS,
        "collected": collected,
        "basket": await _basket(request, user, lang),
        "sees_cases": user.role in ("reviewer", "lead", "auditor"),
        "sees_revisions": user.role in ("rule_manager", "auditor"),
    }
    return render(request, "rule.html.jinja", context, scope="rule")


async def _basket(request: Request, user: User, lang: Lang) -> int | None:
    """Return the number of examples in a user's basket, None for a role without one."""
    if user.role not in COLLECTORS:
        return None
    return len(await storage_of(request).run(lang, list_examples, user))


async def _collected(request: Request, user: User, rule: Rule, lang: Lang) -> set[int]:
    """Return the cases that are in the user's basket as examples of a rule."""
    if user.role not in COLLECTORS:
        return set()
    found = await storage_of(request).run(lang, list_examples, user)
    return {one.case_id for one in found if one.rule == rule.id}
