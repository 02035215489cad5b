"""The list of rules: filters, order and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from smsvet import Reviewer
from smsvet.model import Lang
from smsvet.rules.rule import Rule

from ...store.quality.rule_outcomes import RuleOutcome
from ..acting import number_in
from ..charts.bars import Whisker, bars, whisker
from .sources import is_own

PAGE: Final = 50
DECISIONS: Final = ("approve", "manual_review", "reject", "off")
CHANGES: Final = ("policy", "own")
ORDERS: Final = ("id", "hits", "caused", "precision")
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class RuleFilters:
    """The criteria in the address of the list; an empty field leaves one out."""

    q: str = ""
    decision: str = ""
    provider: str = ""
    topic: str = ""
    changed: str = ""
    """`policy`: the operator's policy switched it; `own`: the operator's own rule."""
    sort: str = ""
    page: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> RuleFilters:
        """Return the filters of an address."""
        return cls(**{one.name: query.get(one.name, "").strip()[:_LONGEST] for one in fields(cls)})

    @property
    def number(self) -> int:
        """Return the number of the page, from 1 on."""
        return number_in(self.page) or 1

    @property
    def narrows(self) -> bool:
        """Return whether a filter is set."""
        return any((self.q, self.decision, self.provider, self.topic, self.changed))

    def at(self, number: int) -> str:
        """Return the address of a page of the same list."""
        values = asdict(replace(self, page=str(number) if number > 1 else ""))
        query = urlencode({name: value for name, value in values.items() if value})
        return f"/rules?{query}" if query else "/rules"

    def covers(self, rule: Rule, reviewer: Reviewer, today: date) -> bool:
        """Return whether a rule meets all criteria; a provider's are those that hold today."""
        provider = reviewer.providers.get(self.provider)
        return (
            (not self.decision or decision_of(rule) == self.decision)
            and (not self.topic or topic_of(rule) == self.topic)
            and (provider is None or rule.file.covers(provider, today, provider.region))
            and (self.changed != "policy" or rule.switched is not None)
            and (self.changed != "own" or is_own(rule.id))
            and (not self.q or _mentions(rule, self.q.casefold()))
        )


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the list, with its figures."""

    id: str
    title: str
    decision: str
    switched: bool
    own: bool
    outcome: RuleOutcome
    bar: float
    precision: Whisker | None


@dataclass(frozen=True, slots=True)
class RulePage:
    """A page of the list. `found` is the number of rules on all pages."""

    rows: tuple[RuleRow, ...]
    found: int
    number: int
    last: int


def decision_of(rule: Rule) -> str:
    """Return a rule's decision by default, after the operator's policy."""
    return rule.switched or rule.file.decision


def topic_of(rule: Rule) -> str:
    """Return the first part of a rule's id."""
    return rule.id.partition("/")[0]


def select(
    reviewer: Reviewer,
    filters: RuleFilters,
    outcomes: Mapping[str, RuleOutcome],
    today: date,
    lang: Lang,
) -> RulePage:
    """Return the page of the rules that the filters select."""
    found = [rule for rule in reviewer.rules if filters.covers(rule, reviewer, today)]
    known = {rule.id: outcomes.get(rule.id, RuleOutcome(rule.id)) for rule in found}
    found.sort(key=lambda rule: _place(known[rule.id], filters.sort))
    last = max(1, -(-len(found) // PAGE))
    number = min(filters.number, last)
    shown = found[(number - 1) * PAGE : number * PAGE]
    lengths = _lengths([known[rule.id] for rule in shown])
    rows = tuple(
        RuleRow(
            rule.id,
            rule.file.title.say(lang),
            decision_of(rule),
            rule.switched is not None,
            is_own(rule.id),
            known[rule.id],
            length,
            whisker(known[rule.id].precision),
        )
        for rule, length in zip(shown, lengths, strict=True)
    )
    return RulePage(rows, len(found), number, last)


def _place(outcome: RuleOutcome, sort: str) -> tuple[Any, ...]:
    if sort == "hits":
        return -outcome.hits, outcome.rule
    if sort == "caused":
        return -outcome.caused, outcome.rule
    if sort == "precision":  # the rules that are most surely imprecise first
        return not outcome.reviewed, outcome.precision.high, outcome.rule
    return (outcome.rule,)


def _lengths(outcomes: Sequence[RuleOutcome]) -> list[float]:
    return bars([one.hits for one in outcomes])


def _mentions(rule: Rule, part: str) -> bool:
    file = rule.file
    texts = (rule.id, file.title.zh, file.title.en, file.message.zh, file.message.en, file.category or "")
    return any(part in text.casefold() for text in texts)
