"""Select the rules in force for a kind of submission, indexed by their triggers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..model import Kind, Purpose, Region
from ..sms.provider import Provider
from .rule import Case, Rule, RuleDecision
from .triggers import ANY

RuleWithCases = tuple[Rule, tuple[Case, ...]]
"""A rule in force, with those of its cases that may apply."""

_Rest = tuple[int, int, tuple[int, ...], Callable[[int], bool] | None, RuleWithCases]
"""A trigger after its gate: the next group, the needs, the groups left, the threshold; and its rule."""


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules in force for a provider, date, region, kind, purpose and set of submitted facts.

    Rules in `always` run on every submission that meets their trigger. Rules in `by_category` run if a term
    of the category was found.
    """

    always: tuple[RuleWithCases, ...]
    by_category: Mapping[str, tuple[RuleWithCases, ...]]
    _gates: tuple[tuple[int, _Rest], ...] = field(init=False, repr=False, compare=False)
    """The gate of each rule of `always`, and the rest of its trigger."""

    def __post_init__(self) -> None:
        triggers = ((placed[0].trigger, placed) for placed in self.always)
        gates = tuple(
            (
                trigger.gate,
                (
                    trigger.any_of[-2] if len(trigger.any_of) > 1 else ANY,
                    trigger.needs,
                    trigger.any_of[:-2],
                    trigger.enough,
                    placed,
                ),
            )
            for trigger, placed in triggers
        )
        object.__setattr__(self, "_gates", gates)

    def triggered(self, bits: int) -> list[RuleWithCases]:
        """Return the rules of `always` whose trigger the facts and patterns of a submission meet."""
        # As `Trigger.met_by`, written out: most rules fail at their gate, and this runs for every submission.
        passed = [rest for gate, rest in self._gates if gate & bits]
        return [
            placed
            for group, needs, groups, enough, placed in passed
            if group & bits
            and needs & bits == needs
            and (not groups or all(other & bits for other in groups))
            and (enough is None or enough(bits))
        ]


def rules_in_force(
    rules: Sequence[Rule],
    providers: Mapping[str, Provider],
    provider: str,
    as_of: date,
    region: Region,
    kind: Kind,
    purpose: Purpose,
    facts: int,
) -> RulesInForce:
    """Return the rules for submissions to a known provider; `facts` are bits of `smsvet.rules.facts`."""
    always: list[RuleWithCases] = []
    by_category: dict[str, list[RuleWithCases]] = {}
    known = providers[provider]
    for rule in rules:
        decision = rule.switched or known.decisions.get(rule.id)
        if decision == "off" or not rule.file.covers(known, as_of, region):
            continue
        if rule.trigger.needs & facts != rule.trigger.needs or not rule.file.is_for(kind, purpose):
            continue
        cases: tuple[Case, ...]
        if decision:
            cases = (Case(decision=decision, possible=milder(decision, rule.file.possible)),)
        else:
            cases = tuple(case for case in rule.file.decisions if case.covers(known, as_of, region))
        if rule.trigger.categories:
            for category in rule.trigger.categories:
                by_category.setdefault(category, []).append((rule, cases))
        else:
            always.append((rule, cases))
    return RulesInForce(tuple(always), {category: tuple(found) for category, found in by_category.items()})


def milder(one: RuleDecision, other: RuleDecision) -> RuleDecision:
    """Return the less strict of two decisions; `off` is the least strict."""
    strictness: tuple[RuleDecision, ...] = ("off", "approve", "manual_review", "reject")
    return strictness[min(strictness.index(one), strictness.index(other))]
