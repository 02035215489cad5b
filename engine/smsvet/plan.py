"""What the rules in force ask of many template texts before any of them can find something in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from .atom import Evidence, Score, Search, compiled
from .checks import PythonCheck
from .consequences import bits_of
from .facts import ANY, BITS, FIRST_PATTERN
from .form_checks import LengthCheck
from .joined import Which
from .profile import Profile
from .provider import Provider
from .rules import Rule
from .scanner import surely
from .wording_checks import TermsCheck

Counts = NDArray[np.int64]

_ROUNDING = 1e-6
"""By this much no sum of weights may fall short."""
_TERMS = BITS["terms"]
_FIRST = FIRST_PATTERN.bit_length() - 1


@dataclass(frozen=True, slots=True)
class Glimpses:
    """What is known of bodies before their terms are: a column for each, or an element."""

    written: Sequence[str]
    folded: Sequence[str]
    lengths: Counts
    facts: NDArray[np.int64]
    """Bits of `smsvet.facts`."""
    marks: Which
    """By bit of `smsvet.scanner`, the bodies that have it."""
    strong: Counts
    """By body and category, how many strong entries of the lexicons it may have."""
    weak: Counts
    """The same for weak ones."""

    def having(self, bits: int) -> Which:
        """Return which bodies have one of these facts and marks."""
        found = (self.facts & (bits & (FIRST_PATTERN - 1))) != 0
        if bits >= FIRST_PATTERN:
            found |= self.marks[bits_of(bits >> _FIRST)].any(axis=0)
        return found


class Plan:
    """The rules for bodies of one provider, day, region and purpose, asked whether they may find something."""

    def __init__(
        self, profile: Profile, provider: Provider, as_of: date, categories: Mapping[str, int]
    ) -> None:
        """Take the rules that are in force whatever is found in a body, and the columns of categories."""
        self._rules = tuple(
            _Waiting(rule, categories) for rule, _ in profile.always if counted(rule) is None
        )
        self._least, self._most = 0, np.iinfo(np.int64).max
        for check in filter(None, (counted(rule) for rule, _ in profile.always)):
            allowed = check.allowed(provider, as_of)
            if allowed is not None:
                least, most = allowed
                self._least = max(self._least, least)
                self._most = min(self._most, self._most if most is None else most)
        rules = {rule.id: rule for placed in profile.by_category.values() for rule, _ in placed}
        self._by_terms = tuple(_Heeding(rule, categories) for rule in rules.values())

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
        having = np.flatnonzero(among & bodies.having(_TERMS))
        found[having] = self._enough(bodies.strong[having], bodies.weak[having])
        return found

    def _enough(self, strong: Counts, weak: Counts) -> Which:
        enough = np.zeros(len(strong), np.bool_)
        for rule in self._by_terms:
            enough |= rule.enough(strong, weak)
        return enough


class _Heeding:
    """A rule that looks for terms, and how many are enough for it."""

    def __init__(self, rule: Rule, categories: Mapping[str, int]) -> None:
        self._columns = [categories[name] for name in rule.categories if name in categories]
        check = rule.file.check
        self._need = check.weak if isinstance(check, TermsCheck | PythonCheck) else 1
        self._strong_suffice = not (isinstance(check, TermsCheck) and check.strength == "weak")
        self._weak_count = not (isinstance(check, TermsCheck) and check.strength == "strong")

    def enough(self, strong: Counts, weak: Counts) -> Which:
        """Return which of these may be enough; a term in two categories counts for both."""
        sure, more = strong[:, self._columns].sum(axis=1), weak[:, self._columns].sum(axis=1)
        found: Which = more * self._weak_count + sure >= self._need
        return found | (sure > 0) if self._strong_suffice else found


def counted(rule: Rule) -> LengthCheck | None:
    """Return the check of a rule that only counts the code points of a body, None for any other."""
    check = rule.file.check
    return check if isinstance(check, LengthCheck) and check.fields == ("body",) else None


class _Waiting:
    """A rule, what starts it, and what tells that it finds nothing."""

    def __init__(self, rule: Rule, categories: Mapping[str, int]) -> None:
        self._rule = rule
        self._starts = [bits for bits in (rule.when, rule.marks) if bits != ANY]
        self._search = rule.probe if isinstance(rule.probe, Search) else None
        self._score = _Adding(rule.probe, categories) if isinstance(rule.probe, Score) else None

    def may_find(self, bodies: Glimpses, among: Which) -> Which:
        """Return in which of some bodies the rule may find something."""
        left: Which = among & ((bodies.facts & self._rule.needs) == self._rule.needs)
        for bits in self._starts:
            if left.any():
                left &= bodies.having(bits)
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
        self._least = score.least - _ROUNDING
        self._signals = [
            (signal, [categories[name] for name in signal.categories if name in categories])
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
        for signal, columns in self._signals:
            there = among & ((bodies.facts & signal.needs) == signal.needs)
            if signal.marks:
                there &= bodies.having(signal.marks)
            if signal.weight < 0:
                sure = bodies.having(surely(signal.marks)) if signal.patterns else ~among
                most += (there & sure) * signal.weight
                there &= ~sure
            else:
                most += there * (signal.weight * self._times(bodies, signal, columns))
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
        often: Counts = np.where(strong > 0, signal.each, 0)
        if signal.strength == "strong":
            return often
        return np.minimum(strong + weak, signal.each) if signal.strength == "weak" else np.maximum(often, np.minimum(weak, signal.each))

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
