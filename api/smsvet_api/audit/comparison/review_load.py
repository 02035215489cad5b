"""How much more work a change makes for reviewers, estimated from the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...proportions import wilson

MINUTES: Final = 2.0
"""Minutes a person takes for a case, unless stated otherwise."""
ITEMS: Final = 1_000
"""Items a day, where nothing is known about arrivals."""


@dataclass(frozen=True, slots=True)
class ReviewLoad:
    """Cases and minutes a day, as mean, lower and upper bound of a 95 % interval.

    `per_day` is the number of items that arrive a day. `share` is the share of items that are new for manual review.
    """

    per_day: int
    given: bool
    minutes_each: float
    share: float
    low: float
    high: float

    @property
    def cases(self) -> tuple[float, float, float]:
        """Return cases a day: mean, lower and upper bound."""
        return self.share * self.per_day, self.low * self.per_day, self.high * self.per_day

    @property
    def minutes(self) -> tuple[float, float, float]:
        """Return minutes a day: mean, lower and upper bound."""
        mean, low, high = self.cases
        return mean * self.minutes_each, low * self.minutes_each, high * self.minutes_each


def review_load(
    entering: int, distinct: int, items: int, per_day: int | None, minutes_each: float = MINUTES
) -> ReviewLoad:
    """Return the load of `entering` new cases among `items`, `distinct` of them with different wordings.

    New items are assumed to be like those of the archive. Copies of one wording are not independent of each other, so the
    interval is that of a sample smaller by the number of copies per wording.
    """
    copies = entering / distinct if distinct else 1.0
    low, high = wilson(entering / copies, items / copies)
    share = entering / items if items else 0.0
    return ReviewLoad(per_day or ITEMS, per_day is not None, minutes_each, share, low, high)
