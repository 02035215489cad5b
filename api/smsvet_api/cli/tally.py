"""Counts the decisions of a review, and the submissions that each rule found something in."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from smsvet.model import Decision, Verdict

from ..files.rows import Unreadable
from .verdict_view import missing_facts

UNREADABLE: Final = "unreadable"
"""Key that counts rows without a verdict, next to the decisions."""
COLUMNS: Final = (Decision.REJECT, Decision.MANUAL_REVIEW, Decision.APPROVE)
"""The decisions of a rule, in the order of the table; `approve` is advice."""


class Tally:
    """The counts of one call of `review`."""

    def __init__(self) -> None:
        self.decisions: Counter[str] = Counter()
        self.rules: dict[str, Counter[Decision]] = {}
        """Rule -> decision -> submissions with such a finding. Advice on missing facts is left out."""
        self.titles: dict[str, str] = {}
        self.missing: dict[str, set[str]] = {}
        """Facts that were not supplied, each with the rules that could not be checked without it."""

    def add(self, answer: Verdict | Unreadable) -> None:
        """Count the answer to a row."""
        if isinstance(answer, Unreadable):
            self.decisions[UNREADABLE] += 1
            return
        self.decisions[answer.decision.value] += 1
        strictest: dict[str, Decision] = {}
        for finding in answer.findings:
            if finding.missing is None:
                strictest[finding.rule] = max(finding.decision, strictest.get(finding.rule, finding.decision))
                self.titles.setdefault(finding.rule, finding.title or finding.rule)
        for rule, decision in strictest.items():
            self.rules.setdefault(rule, Counter())[decision] += 1
        for fact, rules in missing_facts(answer.findings).items():
            self.missing.setdefault(fact, set()).update(rules)

    @property
    def total(self) -> int:
        """Return the number of rows."""
        return self.decisions.total()

    def ranked(self) -> list[str]:
        """Return the rules, those that rejected most submissions first."""
        return sorted(self.rules, key=lambda rule: ([-self.rules[rule][one] for one in COLUMNS], rule))

    def as_json(self, revision: str) -> dict[str, Any]:
        """Return all counts as JSON."""
        return {
            "submissions": self.total,
            "decisions": {decision.value: self.decisions[decision.value] for decision in COLUMNS},
            UNREADABLE: self.decisions[UNREADABLE],
            "rules": [
                {
                    "rule": rule,
                    "title": self.titles[rule],
                    **{decision.value: self.rules[rule][decision] for decision in COLUMNS},
                }
                for rule in self.ranked()
            ],
            "revision": revision,
        }
