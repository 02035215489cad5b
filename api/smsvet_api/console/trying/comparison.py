"""The same text at every provider."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from smsvet import Decision, Provider
from smsvet.model import Lang

from ...http.problems import ProblemError, encode
from ...http.service import Service
from .form import TryForm


@dataclass(frozen=True, slots=True)
class Side:
    """The decision of one provider, and the rules that flag the text there and not at the chosen one, or only there."""

    id: str
    name: str
    abroad: bool
    decision: str | None
    chosen: bool
    differs: bool
    more: Sequence[str]
    fewer: Sequence[str]
    restated: bool
    """The placeholders were written as this provider writes them."""


async def compare(form: TryForm, service: Service, lang: Lang) -> list[Side]:
    """Return the sides in the order of the page: the mainland first, by id. None of them without a text."""
    providers = sorted(
        service.ready(lang).providers.values(), key=lambda one: (one.region == "international", one.id)
    )
    submission = form.submission()
    restated = await service.restatements(encode(submission), lang) if form.kind == "template" else {}
    body = encode(
        {
            "submissions": [
                restated.get(provider.id, submission | {"provider": provider.id}) for provider in providers
            ]
        }
    )
    content = [answer.content async for answer in service.review_batch(body, lang)]
    verdicts = json.loads(b"[" + b",".join(content) + b"]")
    rules = [counting_rules(verdict) for verdict in verdicts]
    at = next((place for place, one in enumerate(providers) if one.id == form.provider), 0)
    return [
        _side(provider, verdict, mine, verdicts[at], rules[at], at == place, provider.id in restated, lang)
        for place, (provider, verdict, mine) in enumerate(zip(providers, verdicts, rules, strict=True))
    ]


async def switched(form: TryForm, provider: str, service: Service, lang: Lang) -> TryForm:
    """Return the form with another provider, and with the text as that provider writes its placeholders."""
    if form.kind == "template" and not form.is_empty and not form.errors(lang):
        try:
            restated = (await service.restatements(form.body(), lang)).get(provider)
        except ProblemError:  # a field cannot be read, which the page says
            restated = None
        if restated is not None:
            form = form.restated(restated)
    return replace(form, provider=provider)


def _side(
    provider: Provider,
    verdict: Mapping[str, Any],
    mine: Mapping[str, str],
    chosen: Mapping[str, Any],
    theirs: Mapping[str, str],
    is_chosen: bool,
    is_restated: bool,
    lang: Lang,
) -> Side:
    decision = verdict.get("decision")
    return Side(
        id=provider.id,
        name=provider.title.short(lang),
        abroad=provider.region == "international",
        decision=decision,
        chosen=is_chosen,
        differs=decision != chosen.get("decision"),
        more=[title for rule, title in mine.items() if rule not in theirs],
        fewer=[title for rule, title in theirs.items() if rule not in mine],
        restated=is_restated,
    )


def counting_rules(verdict: Mapping[str, Any]) -> dict[str, str]:
    """Return the titles of the rules that count in a verdict, by id; none for a text that could not be reviewed."""
    return {
        item["rule"]: item.get("title") or item["rule"]
        for item in verdict.get("findings", ())
        if item["decision"] != Decision.APPROVE
    }
