"""The same text at every provider."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smsvet import Decision, Provider
from smsvet.model import Lang

from ...http.problems import encode
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


async def compare(form: TryForm, service: Service, lang: Lang) -> list[Side]:
    """Return the sides in the order of the page: the mainland first, by id. None of them without a text."""
    providers = sorted(
        service.ready(lang).providers.values(), key=lambda one: (one.region == "international", one.id)
    )
    submission = form.submission()
    body = encode({"submissions": [submission | {"provider": provider.id} for provider in providers]})
    content = [answer.content async for answer in service.review_batch(body, lang)]
    verdicts = json.loads(b"[" + b",".join(content) + b"]")
    rules = [counting_rules(verdict) for verdict in verdicts]
    at = next((place for place, one in enumerate(providers) if one.id == form.provider), 0)
    return [
        _side(provider, verdict, mine, verdicts[at], rules[at], at == place, lang)
        for place, (provider, verdict, mine) in enumerate(zip(providers, verdicts, rules, strict=True))
    ]


def _side(
    provider: Provider,
    verdict: Mapping[str, Any],
    mine: Mapping[str, str],
    chosen: Mapping[str, Any],
    theirs: Mapping[str, str],
    is_chosen: bool,
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
    )


def counting_rules(verdict: Mapping[str, Any]) -> dict[str, str]:
    """Return the titles of the rules that count in a verdict, by id; none for a text that could not be reviewed."""
    return {
        item["rule"]: item.get("title") or item["rule"]
        for item in verdict.get("findings", ())
        if item["decision"] != Decision.APPROVE
    }
