"""A rule as its page shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from smsvet import Reviewer
from smsvet.labels import KINDS, PROFILES, PURPOSES, REGIONS, labels
from smsvet.model import Lang
from smsvet.rules.rule import Rule
from smsvet.rules.sources import Citation

from ...audit.report.texts import Piece, pieces, shortened
from ...dates import CHINA
from ...store.quality.rule_figures import RuleDay, RuleFigures
from ...store.texts import TEXTS, text_of
from ..charts.frame import WIDE
from ..charts.lines import Line, LineChart, line_chart
from ..words import text
from .listing import decision_of
from .sources import is_own

MOST_TEXT: Final = 400
"""Code points of an example that are shown."""
_MOST_FACTS: Final = 200


@dataclass(frozen=True, slots=True)
class ShownExample:
    """An example of a rule file: its text, and its other fields as JSON."""

    text: Sequence[Piece]
    facts: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class OtherDecision:
    """Another decision of a rule with its conditions."""

    decision: str
    conditions: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """The content of a rule's file as the page shows it."""

    id: str
    title: str
    decision: str
    filed: str
    """The decision in the file, which the operator's policy may have switched."""
    own: bool
    possible: str
    others: Sequence[OtherDecision]
    message: str
    why: str
    fix: str
    clause: str | None
    providers: Sequence[str]
    """Names; empty: every provider."""
    scope: Sequence[tuple[str, str]]
    """Name of a condition under `rule.scope` -> its words."""
    since: str | None
    category: str | None
    standard: Sequence[str]
    citations: Sequence[Citation]
    source: str
    flagged: Sequence[ShownExample]
    passed: Sequence[ShownExample]


def view_of(rule: Rule, reviewer: Reviewer, lang: Lang) -> RuleView:
    """Return the view of a rule."""
    file = rule.file
    conditions = {
        "profiles": labels(PROFILES, file.profiles, lang),
        "region": labels(REGIONS, (file.region,) if file.region else (), lang),
        "until": file.until.isoformat() if file.until else "",
        "kinds": labels(KINDS, file.kinds, lang),
        "purposes": labels(PURPOSES, file.purposes, lang),
        "needs": ", ".join(file.needs),
    }
    return RuleView(
        id=rule.id,
        title=file.title.say(lang),
        decision=decision_of(rule),
        filed=file.decision,
        own=is_own(rule.id),
        possible=file.possible,
        others=[
            OtherDecision(case.decision, _conditions(case.model_dump(mode="json", exclude_defaults=True)))
            for case in file.decisions
        ],
        message=file.message.say(lang),
        why=file.why.say(lang),
        fix=file.fix.say(lang),
        clause=file.clause,
        providers=[
            reviewer.providers[name].title.short(lang) if name in reviewer.providers else name
            for name in file.providers
        ],
        scope=[(name, words) for name, words in conditions.items() if words],
        since=file.since.isoformat() if file.since else None,
        category=file.category,
        standard=file.standard,
        citations=reviewer.sources.cite(file.source, lang),
        source=file.source,
        flagged=[_example(one) for one in file.examples.flag],
        passed=[_example(one) for one in file.examples.passes],
    )


def shown_text(value: str, most: int = MOST_TEXT) -> list[Piece]:
    """Return a text for display, invisible characters by name."""
    return list(pieces(shortened(value, most)))


def daily_chart(figures: RuleFigures, lang: Lang) -> LineChart | None:
    """Return the chart of hits and overturns by day; None without a hit."""
    if not figures.hits:
        return None
    first = min(figures.since.astimezone(CHINA).date(), *(day.day for day in figures.days))
    last = max(figures.until.astimezone(CHINA).date(), *(day.day for day in figures.days))
    known = {day.day: day for day in figures.days}
    shown = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    days = [known.get(day, RuleDay(day, 0, 0)) for day in shown]
    names = [f"{day.day:%m-%d}" for day in days]
    lines = [Line("hits", text(lang, "rule.hits"), [day.hits for day in days])]
    if figures.overturned:
        lines.append(Line("overturned", text(lang, "rule.overturned"), [day.overturned for day in days]))
    return line_chart(names, lines, WIDE)


def _example(document: Mapping[str, Any]) -> ShownExample:
    body = text_of(document)
    main = next((name for name in TEXTS if document.get(name) is not None), None)
    rest = {name: value for name, value in document.items() if name != main}
    facts = json.dumps(rest, ensure_ascii=False, default=str)[1:-1] if rest else ""
    return ShownExample(shown_text(body), shown_text(facts, _MOST_FACTS))


def _conditions(case: Mapping[str, Any]) -> str:
    """Return the conditions of a case as in its file."""
    kept = {name: value for name, value in case.items() if name not in ("decision", "possible")}
    return "; ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in kept.items()
    )
