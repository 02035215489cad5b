"""Which rule moved an item from one decision to another.

A verdict is the strictest decision of its findings, so the decision without a rule is the maximum of the others. No
second review is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

RuleDecisions = Mapping[str, int]
"""The strictest decision of each rule on an item: 1 manual review, 2 reject. A rule that failed counts as 1."""


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The rules that explain a move.

    `rule` is the single responsible rule; None if several share the responsibility, or if no rule explains the move.
    `rules` are all rules that only the stricter side has, or has with a stricter decision. `alone` is whether the
    stricter side without `rule` is not stricter than the milder side.
    """

    rule: str | None
    rules: tuple[str, ...]
    alone: bool


def responsible(old: RuleDecisions, new: RuleDecisions, before: int, after: int) -> Responsibility:
    """Return the rules that moved an item from the decision `before` to the decision `after`, which differ.

    If the item became stricter, the rule is the one with the strictest finding that is new. If several are equally
    strict, it is the one whose removal by itself restores the old decision. If it became milder, the same holds for
    the findings that are gone, with old and new exchanged.
    """
    strict, mild, bound = (new, old, before) if after > before else (old, new, after)
    added = {rule: rank for rule, rank in strict.items() if rank > mild.get(rule, 0) and rank > bound}
    if not added:
        return Responsibility(None, (), False)
    rules = tuple(sorted(added))
    highest = max(added.values())
    strictest = [rule for rule in rules if added[rule] == highest]
    restoring = [rule for rule in strictest if without(strict, mild, rule) <= bound]
    chosen = strictest if len(strictest) == 1 else restoring
    if len(chosen) != 1:
        return Responsibility(None, rules, False)
    return Responsibility(chosen[0], rules, chosen[0] in restoring)


def without(strict: RuleDecisions, mild: RuleDecisions, rule: str) -> int:
    """Return the decision of `strict` if `rule` decided as in `mild`, or not at all."""
    others = (rank for other, rank in strict.items() if other != rule)
    return max(mild.get(rule, 0), max(others, default=0))


def strictest_by_rule(findings: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the strictest decision of each rule; advice is left out."""
    found: dict[str, int] = {}
    for rule, rank in findings:
        if rank > found.get(rule, 0):
            found[rule] = rank
    return found
