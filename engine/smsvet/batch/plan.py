"""What the rules in force ask of many template texts before any of them can find something in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..rules.check import Evidence, Score, Search, compiled
from ..rules.form_checks import LengthCheck
from ..rules.in_force import Profile
from ..rules.prefilter import surely
from ..rules.rule import Rule
from ..rules.triggers import ANY, BITS, FIRST_PATTERN
from ..sms.provider import Provider
from .conditions import marks_of
from .joined import Which
from .term_rules import Counts, Heeding

_TERMS = BITS["terms"]


class Wanted(NamedTuple):
    """Facts, and places of marks, of which one is wanted."""

    facts: int
    places: tuple[int, ...]

    @classmethod
    def of(cls, bits: int) -> Wanted:
        """Return facts and marks that are one set of bits."""
        return cls(bits & (FIRST_PATTERN - 1), tuple(marks_of(bits)))


@dataclass(frozen=True, slots=True)
class Glimpses:
    """What is known of bodies before their terms are: a column for each, or an element."""

    written: Sequence[str]
    folded: Sequence[str]
    lengths: Counts
    facts: NDArray[np.int64]
    """Bits of `smsvet.rules.triggers`."""
    marks: Which
    """By place of a mark, the bodies that have it."""
    strong: Counts
    """By body and category, how many strong entries of the lexicons it may have."""
    weak: Counts
    """The same for weak ones."""
    told: int
    """The facts that any of the bodies has."""
    seen: frozenset[int]
    """The places of the marks that any of them has."""

    def any_has(self, wanted: Wanted) -> bool:
        """Return whether any body has one of these facts and marks."""
        return bool(self.told & wanted.facts) or not self.seen.isdisjoint(wanted.places)

    def having(self, wanted: Wanted) -> Which:
        """Return which bodies have one of these facts and marks."""
        found: Which = (self.facts & wanted.facts) != 0
        for place in self.seen.intersection(wanted.places):
            found |= self.marks[place]
        return found


class Plan:
    """The rules for bodies of one provider, day, region and purpose, asked whether they may find something."""

    def __init__(
        self, profile: Profile, provider: Provider, as_of: date, categories: Mapping[str, int]
    ) -> None:
        """Take the rules that are in force whatever is found in a body, and the columns of categories."""
        self._rules = tuple(_Waiting(rule, categories) for rule, _ in profile.always if counted(rule) is None)
        self._least, self._most = 0, np.iinfo(np.int64).max
        for check in filter(None, (counted(rule) for rule, _ in profile.always)):
            allowed = check.allowed(provider, as_of)
            if allowed is not None:
                least, most = allowed
                self._least = max(self._least, least)
                self._most = min(self._most, self._most if most is None else most)
        heeding = {rule.id: rule for placed in profile.by_category.values() for rule, _ in placed}
        self._heeding = Heeding(heeding.values(), categories)

    def fails(self, bodies: Glimpses, among: Which) -> Which:
        """Return in which of some bodies a rule may find something."""
        failed = (bodies.lengths < self._least) | (bodies.lengths > self._most)
        failed |= self._heeded(bodies, among & ~failed)
        for rule in self._rules:
            failed |= rule.may_find(bodies, among & ~failed)
        return failed

    def _heeded(self, bodies: Glimpses, among: Which) -> Which:
        """Return in which of some bodies the terms may be enough for a rule that looks for terms."""
        found = np.zeros(len(among), np.bool_)
        having = np.flatnonzero(among & ((bodies.facts & _TERMS) != 0))
        found[having] = self._heeding.enough(bodies.strong[having], bodies.weak[having])
        return found


def counted(rule: Rule) -> LengthCheck | None:
    """Return the check of a rule that only counts the code points of a body, None for any other."""
    check = rule.file.check
    return check if isinstance(check, LengthCheck) and check.fields == ("body",) else None


class _Waiting:
    """A rule, what starts it, and what tells that it finds nothing."""

    def __init__(self, rule: Rule, categories: Mapping[str, int]) -> None:
        self._rule = rule
        self._starts = [Wanted.of(bits) for bits in (rule.when, rule.marks) if bits != ANY]
        self._search = rule.probe if isinstance(rule.probe, Search) else None
        self._score = _Adding(rule.probe, categories) if isinstance(rule.probe, Score) else None

    def may_find(self, bodies: Glimpses, among: Which) -> Which:
        """Return in which of some bodies the rule may find something."""
        needs = self._rule.needs
        if bodies.told & needs != needs or not all(map(bodies.any_has, self._starts)):
            return np.zeros(len(among), np.bool_)
        left: Which = among & ((bodies.facts & needs) == needs)
        for wanted in self._starts:
            left &= bodies.having(wanted)
        if self._score is not None and left.any():
            left &= self._score.may_reach(bodies, left)
        for row in np.flatnonzero(left).tolist():
            left[row] = self._is_met(bodies, row)
        return left

    def _is_met(self, bodies: Glimpses, row: int) -> bool:
        folded = bodies.folded[row]
        if any(compiled(pattern).search(folded) for pattern in self._rule.exceptions):
            return False
        if self._search is None:
            return True
        text = bodies.written[row] if self._search.original else folded
        return compiled(self._search.pattern).search(text) is not None


class _Adding:
    """Evidence added up: the most that it may come to, less where patterns do not match after all."""

    def __init__(self, score: Score, categories: Mapping[str, int]) -> None:
        self._least = score.least
        self._signals = [
            (
                signal,
                [categories[name] for name in signal.categories if name in categories],
                Wanted.of(signal.marks) if signal.marks else None,
                Wanted.of(surely(signal.marks)),
            )
            for signal in score.signals
        ]
        # Counter-evidence first, and what weighs most: the sum is then soon too low.
        self._patterns = sorted(
            (place for place, signal in enumerate(score.signals) if signal.patterns),
            key=lambda place: (score.signals[place].weight > 0, -score.signals[place].most),
        )

    def may_reach(self, bodies: Glimpses, among: Which) -> Which:
        """Return in which of some bodies the evidence may be enough."""
        most = np.zeros(len(among))
        held: list[Which] = []
        nothing = np.zeros(len(among), np.bool_)
        for signal, columns, wanted, certain in self._signals:
            there = nothing
            told = bodies.told & signal.needs == signal.needs
            if told and (wanted is None or bodies.any_has(wanted)):
                there = among & ((bodies.facts & signal.needs) == signal.needs)
                there = there if wanted is None else there & bodies.having(wanted)
                if signal.weight > 0:
                    most += there * (signal.weight * self._times(bodies, signal, columns))
                elif signal.patterns:
                    sure = bodies.having(certain)
                    most += (there & sure) * signal.weight
                    there = there & ~sure
            held.append(there)
        reached = among & (most >= self._least)
        for row in np.flatnonzero(reached).tolist():
            reached[row] = self._reaches(bodies.folded[row], float(most[row]), [one[row] for one in held])
        return reached

    def _times(self, bodies: Glimpses, signal: Evidence, columns: list[int]) -> Counts | int:
        """Return how often evidence may count in each body."""
        if not signal.categories:
            return signal.each
        strong, weak = (counts[:, columns].sum(axis=1) for counts in (bodies.strong, bodies.weak))
        # A strong term counts wherever it stands, a weak one once.
        counted: Counts = np.where(strong > 0, signal.each, 0)
        if signal.strength == "weak":
            counted = np.minimum(strong + weak, signal.each)
        elif signal.strength == "any":
            counted = np.maximum(counted, np.minimum(weak, signal.each))
        return counted

    def _reaches(self, folded: str, most: float, held: Sequence[np.bool_]) -> bool:
        """Return whether evidence that may come to so much is enough once its patterns were tried on a text."""
        for place in self._patterns:
            if held[place]:
                signal = self._signals[place][0]
                times = signal.times(folded)
                most += signal.weight * (times if signal.weight < 0 else times - signal.each)
                if most < self._least:
                    return False
        return True
