"""The entries of a baseline: findings of a rule on an item that are accepted until a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from smsvet import Decision

SOON: Final = timedelta(days=30)

Key = tuple[str, str]
"""The fingerprint of an item, and a rule."""


class State(StrEnum):
    """The state of an entry after a run; `STATES` has their order in reports."""

    EXPIRED = "expired"
    WORSE = "worse"
    EXPIRING = "expiring"
    ACTIVE = "active"
    UNMATCHED = "unmatched"
    RULE_GONE = "rule_gone"
    UNSEEN = "unseen"


STATES: Final = tuple(State)
USELESS: Final = frozenset({State.UNMATCHED, State.RULE_GONE})
"""The states of entries that `--baseline-prune` removes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The findings of one rule on one item, accepted until a date. The last day is `until` itself.

    `decision` is the strictest decision of these findings when they were accepted; a stricter one is not accepted.
    Without it every decision is. `item` is the id of the item, for people only.
    """

    fp: str
    rule: str
    until: date
    reason: str
    owner: str
    decision: Decision | None = None
    item: str | None = None
    added: date | None = None
    by: str | None = None

    @property
    def key(self) -> Key:
        """Return the fingerprint and the rule."""
        return self.fp, self.rule

    def is_worse(self, decision: Decision) -> bool:
        """Return whether a decision is stricter than the accepted one."""
        return self.decision is not None and decision > self.decision

    def covers(self, decision: Decision, day: date) -> bool:
        """Return whether a finding with this decision is accepted on a day."""
        return self.until >= day and not self.is_worse(decision)


@dataclass(frozen=True, slots=True)
class Baseline:
    """All entries of a file, and the SHA-256 of the file; empty for a file that does not exist yet."""

    entries: Mapping[Key, Entry]
    digest: str

    @property
    def fingerprints(self) -> frozenset[str]:
        """Return the fingerprints of all items."""
        return frozenset(fp for fp, _ in self.entries)


@dataclass(slots=True)
class Met:
    """The part of a baseline that a run has met: items reviewed, and the strictest decision for each entry."""

    seen: set[str]
    found: dict[Key, Decision]

    def state(self, entry: Entry, day: date, rules: frozenset[str]) -> State:
        """Return the state of an entry on the day of the run; `rules` are the ids of all rules."""
        if entry.rule not in rules:
            return State.RULE_GONE
        if entry.fp not in self.seen:
            return State.UNSEEN
        decision = self.found.get(entry.key)
        if decision is None:
            return State.UNMATCHED
        if entry.until < day:
            return State.EXPIRED
        if entry.is_worse(decision):
            return State.WORSE
        return State.EXPIRING if entry.until - day <= SOON else State.ACTIVE


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries in the order of a baseline file: by rule, then fingerprint."""
    return sorted(entries, key=lambda one: (one.rule, one.fp))


def latest(day: date) -> date:
    """Return the last day until which an entry may last: two years after `day`."""
    try:
        return day.replace(year=day.year + 2)
    except ValueError:  # 29 February
        return date(day.year + 2, 3, 1)
