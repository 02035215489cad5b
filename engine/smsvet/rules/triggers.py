"""What must be there before a check can hit: the conditions by which a rule is skipped.

Each check states its conditions as one `Trigger`. They are necessary, never sufficient: a rule that is skipped could
not have hit. One review tests them against the bits of a document, a batch against the columns of all bodies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, reduce
from itertools import islice
from operator import and_, or_

ANY = -1
"""Every bit: a group that any submission satisfies."""


@dataclass(frozen=True, slots=True)
class PatternTrigger:
    """A body needs a match of this pattern, as normalised or as submitted."""

    pattern: str
    original: bool


@dataclass(frozen=True, slots=True)
class SignalTrigger:
    """How much one signal of a score can count: `weight` for each occurrence, up to `each` of them.

    Where patterns alone decide, `patterns` are those. Otherwise the count depends on terms of the signal's
    categories, or is known only to the check.
    """

    weight: float
    each: int
    trigger: Trigger
    strength: str
    """Which terms of the categories count: `strong`, `weak` or `any`."""
    patterns: tuple[str, ...]

    @property
    def maximum(self) -> float:
        """Return the greatest amount that it counts, for or against."""
        return abs(self.weight) * self.each

    def count(self, folded: str) -> int:
        """Return how often its patterns match a normalised body, up to `each`."""
        found = (1 for pattern in self.patterns for _ in compiled(pattern).finditer(folded))
        return sum(islice(found, self.each))


@dataclass(frozen=True, slots=True)
class ScoreTrigger:
    """A body needs signals that add up to `least`, the threshold less the greatest error of rounding."""

    signals: tuple[SignalTrigger, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Trigger:
    """Conditions without which a check finds nothing. Bits are those of `smsvet.rules.facts` and of patterns."""

    needs: int = 0
    """Facts, all of which must be there."""

    any_of: tuple[int, ...] = ()
    """Groups of facts and patterns: one bit of each group must be there."""

    categories: frozenset[str] = frozenset()
    """Term categories, one of which must be found; empty for no condition."""

    enough: Callable[[int], bool] | None = None
    """Returns whether facts and patterns may reach the threshold of a score; None for no condition."""

    body: PatternTrigger | ScoreTrigger | None = None
    """What a template body needs beyond that; read by batches only."""

    exempts: tuple[str, ...] = ()
    """Patterns any of which, in a normalised body, keeps the rule from finding anything."""

    @property
    def gate(self) -> int:
        """Return the group that fewest submissions satisfy, ANY where there is none."""
        return self.any_of[-1] if self.any_of else ANY

    def met_by(self, bits: int) -> bool:
        """Return whether the facts and patterns of a submission satisfy every condition but `categories`."""
        if self.needs & bits != self.needs:
            return False
        for group in self.any_of:
            if not group & bits:
                return False
        return self.enough is None or self.enough(bits)

    def with_conditions(self, needs: int = 0, any_of: int = 0, exempts: Iterable[str] = ()) -> Trigger:
        """Return the trigger with further conditions in front; `any_of` 0 adds no group."""
        return replace(
            self,
            needs=self.needs | needs,
            any_of=(any_of, *self.any_of) if any_of else self.any_of,
            exempts=(*self.exempts, *exempts),
        )


UNCONDITIONAL = Trigger()
"""The trigger of a check that has to run on every submission."""


def all_triggers(parts: Iterable[Trigger]) -> Trigger:
    """Return the conditions of a check whose every part must hit."""
    parts = tuple(parts)
    return Trigger(
        reduce(or_, (part.needs for part in parts)),
        tuple(group for part in parts for group in part.any_of),
        next((part.categories for part in parts if part.categories), frozenset()),
    )


def any_trigger(parts: Iterable[Trigger]) -> Trigger:
    """Return the conditions of a check of which one part must hit."""
    parts = tuple(parts)
    gates, categories = [part.gate for part in parts], [part.categories for part in parts]
    return Trigger(
        reduce(and_, (part.needs for part in parts)),
        () if ANY in gates else (reduce(or_, gates),),
        frozenset().union(*categories) if all(categories) else frozenset(),
    )


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a compiled pattern; each is compiled once, at its first use."""
    return re.compile(pattern)
