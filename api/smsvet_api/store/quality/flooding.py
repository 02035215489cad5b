"""Rules that suddenly hit far more than they used to, with the words that they hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from ..store import Store
from ..submissions.tables import verdict_rules, verdicts
from .rule_outcomes import rule_hits

DAY: Final = timedelta(days=1)
BASELINE: Final = 7
"""The number of days before, whose mean is the baseline."""
FACTOR: Final = 3
FEWEST: Final = 10
"""Hits of a day below which a rule is not reported."""
_EXAMINED: Final = 50
"""The latest hits of a rule whose words are counted."""
_WORDS: Final = 3
_LONGEST: Final = 20
"""Code points of a hit that counts as a word."""


@dataclass(frozen=True, slots=True)
class Flooding:
    """A rule with more than three times the hits of its baseline."""

    rule: str
    hits: int
    """Of the last 24 hours."""
    baseline: float
    """Mean of a day in the 7 days before."""
    words: tuple[tuple[str, int], ...]
    """The most frequent words among its latest 50 hits, with their numbers."""


def flooding(store: Store, rules: Collection[str], until: datetime, most: int = 10) -> list[Flooding]:
    """Return those of some rules that flood in the 24 hours before `until`, the largest factor first."""
    begin = until - DAY
    hits = rule_hits(store, rules, begin, until)
    before = rule_hits(store, rules, begin - BASELINE * DAY, begin)
    found = [
        (rule, number, before.get(rule, 0) / BASELINE)
        for rule, number in hits.items()
        if number >= FEWEST and number > FACTOR * before.get(rule, 0) / BASELINE
    ]
    found.sort(key=lambda one: (-one[1] / (one[2] or 1 / BASELINE), one[0]))
    with store.database.reading() as connection:
        return [Flooding(*one, _words(connection, one[0], begin, until)) for one in found[:most]]


def _words(
    connection: sa.Connection, rule: str, since: datetime, until: datetime
) -> tuple[tuple[str, int], ...]:
    documents = connection.execute(
        sa.select(verdicts.c.document)
        .join(verdict_rules, verdict_rules.c.verdict_id == verdicts.c.id)
        .where(
            verdict_rules.c.rule == rule,
            verdict_rules.c.at >= since,
            verdict_rules.c.at < until,
            verdicts.c.document.is_not(None),
        )
        .order_by(verdict_rules.c.at.desc())
        .limit(_EXAMINED)
    ).scalars()
    counted: Counter[str] = Counter()
    for document in documents:
        words = {one["text"] for one in document["findings"] if one["rule"] == rule and one["text"]}
        counted.update(word for word in words if len(word) <= _LONGEST)
    return tuple(counted.most_common(_WORDS))
