"""Conditions that must be met before a check can hit. Rules whose conditions are not met are skipped.

Each check states its conditions as one `Trigger`. They are necessary, not sufficient: a skipped rule could
not have hit. A single review tests them against the bits of a document, a batch against columns for all
bodies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, reduce
from itertools import islice
from operator import and_, or_

ANY = -1
"""All bits: a group that every submission satisfies."""


@dataclass(frozen=True, slots=True)
class PatternTrigger:
    """A body must match this pattern, in normalised or submitted form."""

    pattern: str
    original: bool


@dataclass(frozen=True, slots=True)
class SignalTrigger:
    """The possible contribution of one signal to a score: `weight` per occurrence, up to `each` occurrences.

    `patterns` is set if patterns determine the count. Otherwise the count depends on terms of the signal's
    categories, or only the check can compute it.
    """

    weight: float
    each: int
    trigger: Trigger
    strength: str
    """Which terms of the categories count: `strong`, `weak` or `any`."""
    patterns: tuple[str, ...]

    @property
    def maximum(self) -> float:
        """Return the maximum absolute contribution."""
        return abs(self.weight) * self.each

    def count(self, folded: str) -> int:
        """Return how often its patterns match a normalised body, up to `each`."""
        found = (1 for pattern in self.patterns for _ in compiled(pattern).finditer(folded))
        return sum(islice(found, self.each))


@dataclass(frozen=True, slots=True)
class ScoreTrigger:
    """A body needs signals that add up to `threshold`, which has a margin for rounding errors."""

    signals: tuple[SignalTrigger, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Trigger:
    """Conditions that must be met before a check can hit, with bits of facts and of patterns."""

    needs: int = 0
    """Facts that must all be present."""

    any_of: tuple[int, ...] = ()
    """Groups of facts and patterns. Each group needs at least one of its bits."""

    categories: frozenset[str] = frozenset()
    """Term categories, at least one of which must be found; empty for no condition."""

    enough: Callable[[int], bool] | None = None
    """Returns whether facts and patterns may reach the threshold of a score; None for no condition."""

    body: PatternTrigger | ScoreTrigger | None = None
    """An additional condition on a template body, used only by batches."""

    exempts: tuple[str, ...] = ()
    """Patterns that each rule out a hit if they match the normalised body."""

    anchors: tuple[str, ...] = ()
    """Patterns, one of which must match the normalised body, used only by batches; empty for no condition."""

    @property
    def gate(self) -> int:
        """Return the most selective group; ANY if there is none."""
        return self.any_of[-1] if self.any_of else ANY

    def met_by(self, bits: int) -> bool:
        """Return whether the facts and patterns of a submission meet every condition except `categories`."""
        if self.needs & bits != self.needs:
            return False
        for group in self.any_of:
            if not group & bits:
                return False
        return self.enough is None or self.enough(bits)

    def with_conditions(
        self, needs: int = 0, any_of: int = 0, exempts: Iterable[str] = (), anchors: Iterable[str] = ()
    ) -> Trigger:
        """Return the trigger with additional conditions in front; `any_of=0` adds no group."""
        return replace(
            self,
            needs=self.needs | needs,
            any_of=(any_of, *self.any_of) if any_of else self.any_of,
            exempts=(*self.exempts, *exempts),
            anchors=(*self.anchors, *anchors),
        )


UNCONDITIONAL = Trigger()
"""The trigger of a check that runs on every submission."""


def all_triggers(parts: Iterable[Trigger]) -> Trigger:
    """Return the trigger of a check whose parts must all hit."""
    parts = tuple(parts)
    return Trigger(
        reduce(or_, (part.needs for part in parts)),
        tuple(group for part in parts for group in part.any_of),
        next((part.categories for part in parts if part.categories), frozenset()),
    )


def any_trigger(parts: Iterable[Trigger]) -> Trigger:
    """Return the trigger of a check that hits if any part hits."""
    parts = tuple(parts)
    gates, categories = [part.gate for part in parts], [part.categories for part in parts]
    return Trigger(
        reduce(and_, (part.needs for part in parts)),
        () if ANY in gates else (reduce(or_, gates),),
        frozenset().union(*categories) if all(categories) else frozenset(),
    )


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern, cached."""
    return re.compile(pattern)
