"""Test the triggers of the rules in force on many template bodies at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..rules.facts import BITS, FIRST_PATTERN
from ..rules.form_checks import LengthCheck
from ..rules.in_force import RulesInForce
from ..rules.prefilter import certain_bit
from ..rules.rule import Rule
from ..rules.triggers import PatternTrigger, ScoreTrigger, SignalTrigger, compiled
from ..sms.provider import Provider
from .conditions import pattern_places
from .joined import Mask
from .term_rules import Counts, TermRules

_TERMS = BITS["terms"]


class AnyOf(NamedTuple):
    """A group of a trigger: bits of facts and numbers of patterns, at least one of which must be present."""

    facts: int
    places: tuple[int, ...]

    @classmethod
    def read(cls, bits: int) -> AnyOf:
        """Return the group for a set of bits."""
        return cls(bits & (FIRST_PATTERN - 1), tuple(pattern_places(bits)))


@dataclass(frozen=True, slots=True)
class Bodies:
    """Facts, patterns and term counts of many bodies, as arrays with a column or an element per body."""

    written: Sequence[str]
    folded: Sequence[str]
    lengths: Counts
    facts: NDArray[np.int64]
    """Bits of `smsvet.rules.facts`."""
    patterns: Mask
    """By number of a pattern, the bodies that it may match."""
    strong: Counts
    """By body and category, the number of strong lexicon entries that may occur."""
    weak: Counts
    """The same for weak entries."""
    any_facts: int
    """The facts of all bodies combined."""
    any_patterns: frozenset[int]
    """The numbers of the patterns that may match any body."""

    def any_has(self, wanted: AnyOf) -> bool:
        """Return whether any body has at least one of these facts and patterns."""
        return bool(self.any_facts & wanted.facts) or not self.any_patterns.isdisjoint(wanted.places)

    def having(self, wanted: AnyOf) -> Mask:
        """Return which bodies have at least one of these facts and patterns."""
        found: Mask = (self.facts & wanted.facts) != 0
        for place in self.any_patterns.intersection(wanted.places):
            found |= self.patterns[place]
        return found


class Plan:
    """The rules for bodies of one provider, day, region and purpose, as tests on many bodies."""

    def __init__(
        self, profile: RulesInForce, provider: Provider, as_of: date, categories: Mapping[str, int]
    ) -> None:
        """Take the rules in force and the columns of categories."""
        self._rules = tuple(
            _RuleColumn(rule, categories) for rule, _ in profile.always if length_check_of(rule) is None
        )
        self._min_length, self._max_length = 0, np.iinfo(np.int64).max
        for check in filter(None, (length_check_of(rule) for rule, _ in profile.always)):
            allowed = check.allowed(provider, as_of)
            if allowed is not None:
                least, most = allowed
                self._min_length = max(self._min_length, least)
                self._max_length = min(self._max_length, self._max_length if most is None else most)
        by_term = {rule.id: rule for placed in profile.by_category.values() for rule, _ in placed}
        self._term_rules = TermRules(by_term.values(), categories)

    def may_find(self, bodies: Bodies, among: Mask) -> Mask:
        """Return which of the bodies in `among` may have a finding."""
        failed = (bodies.lengths < self._min_length) | (bodies.lengths > self._max_length)
        failed |= self._terms_suffice(bodies, among & ~failed)
        for rule in self._rules:
            failed |= rule.may_find(bodies, among & ~failed)
        return failed

    def _terms_suffice(self, bodies: Bodies, among: Mask) -> Mask:
        """Return which of the bodies in `among` may have enough terms for a rule on terms."""
        found = np.zeros(len(among), np.bool_)
        having = np.flatnonzero(among & ((bodies.facts & _TERMS) != 0))
        found[having] = self._term_rules.enough(bodies.strong[having], bodies.weak[having])
        return found


def length_check_of(rule: Rule) -> LengthCheck | None:
    """Return the rule's check if it only limits the length of a body, else None."""
    check = rule.file.check
    return check if isinstance(check, LengthCheck) and check.fields == ("body",) else None


class _RuleColumn:
    """A rule's trigger, as a test on many bodies."""

    def __init__(self, rule: Rule, categories: Mapping[str, int]) -> None:
        trigger = self._trigger = rule.trigger
        self._groups = [AnyOf.read(bits) for bits in trigger.any_of]
        self._pattern = trigger.body if isinstance(trigger.body, PatternTrigger) else None
        self._score = (
            _ScoreColumn(trigger.body, categories) if isinstance(trigger.body, ScoreTrigger) else None
        )

    def may_find(self, bodies: Bodies, among: Mask) -> Mask:
        """Return which of the bodies in `among` may have a finding of this rule."""
        needs = self._trigger.needs
        if bodies.any_facts & needs != needs or not all(map(bodies.any_has, self._groups)):
            return np.zeros(len(among), np.bool_)
        left: Mask = among & ((bodies.facts & needs) == needs)
        for group in self._groups:
            left &= bodies.having(group)
        if self._score is not None and left.any():
            left &= self._score.may_reach(bodies, left)
        for row in np.flatnonzero(left).tolist():
            left[row] = self._is_met(bodies, row)
        return left

    def _is_met(self, bodies: Bodies, row: int) -> bool:
        folded = bodies.folded[row]
        for pattern in self._trigger.exempts:
            if compiled(pattern).search(folded):
                return False
        anchors = self._trigger.anchors
        if anchors and not any(compiled(pattern).search(folded) for pattern in anchors):
            return False
        if self._pattern is None:
            return True
        text = bodies.written[row] if self._pattern.original else folded
        return compiled(self._pattern.pattern).search(text) is not None


class _Signal(NamedTuple):
    """A signal of a score, the columns of its categories, and the groups of its trigger."""

    limits: SignalTrigger
    columns: list[int]
    groups: list[AnyOf]
    certain: AnyOf
    """The bit for a certain match of its pattern."""


class _ScoreColumn:
    """An upper bound on the score of many bodies, lowered step by step by running the patterns."""

    def __init__(self, score: ScoreTrigger, categories: Mapping[str, int]) -> None:
        self._threshold = score.threshold
        self._signals = [
            _Signal(
                signal,
                [categories[name] for name in signal.trigger.categories if name in categories],
                [AnyOf.read(bits) for bits in signal.trigger.any_of],
                AnyOf.read(certain_bit(signal.trigger.gate) if signal.trigger.any_of else 0),
            )
            for signal in score.signals
        ]
        # Counter-evidence and heavy signals come first, because they lower the bound fastest.
        self._patterns = sorted(
            (place for place, signal in enumerate(score.signals) if signal.patterns),
            key=lambda place: (score.signals[place].weight > 0, -score.signals[place].maximum),
        )

    def may_reach(self, bodies: Bodies, among: Mask) -> Mask:
        """Return which of the bodies in `among` may reach the threshold."""
        maximum = np.zeros(len(among))
        occurring: list[Mask] = []
        nothing = np.zeros(len(among), np.bool_)
        for signal, columns, groups, certain in self._signals:
            there = nothing
            needs = signal.trigger.needs
            if bodies.any_facts & needs == needs and all(map(bodies.any_has, groups)):
                there = among & ((bodies.facts & needs) == needs)
                for group in groups:
                    there = there & bodies.having(group)
                if signal.weight > 0:
                    maximum += there * (signal.weight * self._times(bodies, signal, columns))
                elif signal.patterns:
                    sure = bodies.having(certain)
                    maximum += (there & sure) * signal.weight
                    there = there & ~sure
            occurring.append(there)
        reached = among & (maximum >= self._threshold)
        for row in np.flatnonzero(reached).tolist():
            reached[row] = self._reaches(
                bodies.folded[row], float(maximum[row]), [one[row] for one in occurring]
            )
        return reached

    def _times(self, bodies: Bodies, signal: SignalTrigger, columns: list[int]) -> Counts | int:
        """Return an upper bound on how often a signal counts in each body."""
        if not signal.trigger.categories:
            return signal.each
        strong, weak = (counts[:, columns].sum(axis=1) for counts in (bodies.strong, bodies.weak))
        # Each occurrence of a strong term counts; weak terms count once each.
        counted: Counts = np.where(strong > 0, signal.each, 0)
        if signal.strength == "weak":
            counted = np.minimum(strong + weak, signal.each)
        elif signal.strength == "any":
            counted = np.maximum(counted, np.minimum(weak, signal.each))
        return counted

    def _reaches(self, folded: str, maximum: float, occurring: Sequence[np.bool_]) -> bool:
        """Return whether the score still reaches the threshold after the patterns were run on a body."""
        for place in self._patterns:
            if occurring[place]:
                signal = self._signals[place].limits
                times = signal.count(folded)
                maximum += signal.weight * (times if signal.weight < 0 else times - signal.each)
                if maximum < self._threshold:
                    return False
        return True
