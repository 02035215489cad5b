"""The charts and tables of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from smsvet import Reviewer
from smsvet.model import Lang

from ...dates import CHINA
from ...store.dashboard.flow import Flow
from ...store.dashboard.waiting import Waiting
from ...store.quality.rule_outcomes import RuleOutcome
from ..charts.bars import BarChart, Whisker, bar_chart, bars, whisker
from ..charts.frame import WIDE
from ..charts.lines import Line, LineChart, line_chart
from ..words import text

ROWS: Final = 10
"""Rules in a table."""
FEWEST: Final = 5
"""Reviewed hits below which a rule's overturn rate is not ranked."""


@dataclass(frozen=True, slots=True)
class RuleBar:
    """A rule in a table with the bar of its cell."""

    id: str
    title: str
    outcome: RuleOutcome
    bar: float
    rate: Whisker | None
    before: RuleOutcome | None
    """The same rule in the period before, where it is compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """A number in a period and in the one before."""

    now: int
    before: int

    @property
    def percent(self) -> int | None:
        """Return by how many percent it changed, None from nothing."""
        return round(100 * (self.now - self.before) / self.before) if self.before else None


def load_chart(flow: Flow, before: Flow | None, lang: Lang) -> LineChart | None:
    """Return the lines of arrivals and decisions, and of the arrivals in the period before; None without any."""
    if not any(bucket.arrived or bucket.decided for bucket in flow.buckets):
        return None
    lines = [
        Line("arrived", text(lang, "dashboard.arrived"), [one.arrived for one in flow.buckets]),
        Line("decided", text(lang, "dashboard.decided"), [one.decided for one in flow.buckets]),
    ]
    if before is not None:
        values = _aligned([one.arrived for one in before.buckets], len(flow.buckets))
        lines.append(Line("before", text(lang, "dashboard.arrived_before"), values))
    return line_chart(names_of(flow), lines, WIDE)


def kept_chart(flow: Flow, before: Flow | None, lang: Lang) -> LineChart | None:
    """Return the line of the shares decided in time, in percent; None where nothing was due."""
    lines = [Line("kept", text(lang, "dashboard.kept"), _kept(flow))]
    if before is not None:
        values = _aligned(_kept(before), len(flow.buckets))
        lines.append(Line("before", text(lang, "dashboard.kept_before"), values))
    if not any(bucket.due for bucket in flow.buckets):
        return None
    return line_chart(names_of(flow), lines, percent=True)


def age_chart(waiting: Waiting, lang: Lang) -> BarChart | None:
    """Return the bars of open cases by age; None without an open case."""
    names = [text(lang, f"dashboard.ages.{place}") for place in range(len(waiting.ages))]
    return bar_chart(names, waiting.ages)


def names_of(flow: Flow) -> list[str]:
    """Return the names of the buckets in the time of China."""
    form = "%d %H:00" if flow.hourly else "%m-%d"
    return [format(bucket.at.astimezone(CHINA), form) for bucket in flow.buckets]


def most_reviews(
    outcomes: Mapping[str, RuleOutcome],
    before: Mapping[str, RuleOutcome] | None,
    reviewer: Reviewer,
    lang: Lang,
) -> list[RuleBar]:
    """Return the rules that caused most reviews."""
    found = sorted((one for one in outcomes.values() if one.caused), key=lambda one: (-one.caused, one.rule))
    return _bars(found[:ROWS], [one.caused for one in found[:ROWS]], before, reviewer, lang)


def most_overturned(
    outcomes: Mapping[str, RuleOutcome],
    before: Mapping[str, RuleOutcome] | None,
    reviewer: Reviewer,
    lang: Lang,
) -> list[RuleBar]:
    """Return the rules that are overturned most: by the lower bound of the interval, so that few items prove little."""
    found = sorted(
        (one for one in outcomes.values() if one.overturned and one.reviewed >= FEWEST),
        key=lambda one: (-one.overturn_rate.low, one.rule),
    )
    return _bars(found[:ROWS], [one.overturned for one in found[:ROWS]], before, reviewer, lang)


def titles(reviewer: Reviewer, lang: Lang) -> dict[str, str]:
    """Return the titles of the rules by id."""
    return {rule.id: rule.file.title.say(lang) for rule in reviewer.rules}


def _bars(
    found: Sequence[RuleOutcome],
    values: Sequence[int],
    before: Mapping[str, RuleOutcome] | None,
    reviewer: Reviewer,
    lang: Lang,
) -> list[RuleBar]:
    known = titles(reviewer, lang)
    return [
        RuleBar(
            one.rule,
            known.get(one.rule, one.rule),
            one,
            length,
            whisker(one.overturn_rate),
            None if before is None else before.get(one.rule, RuleOutcome(one.rule)),
        )
        for one, length in zip(found, bars(values), strict=True)
    ]


def _kept(flow: Flow) -> list[float | None]:
    return [100 * one.kept / one.due if one.due else None for one in flow.buckets]


def _aligned(values: Sequence[float | None], length: int) -> list[float | None]:
    """Return values of the period before for as many buckets: the two may differ by one."""
    return [*values[-length:], *[None] * (length - len(values))]
