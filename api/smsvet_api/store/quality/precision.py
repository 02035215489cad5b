"""How often people follow a rule's findings."""

from __future__ import annotations

from dataclasses import dataclass

from ...proportions import wilson


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share of counted items with its 95 % interval (Wilson)."""

    found: int
    items: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """Return the share, None without any item."""
        return self.found / self.items if self.items else None


def ratio_of(found: int, items: int) -> Ratio:
    """Return the share of `found` among `items`. Raises ValueError unless 0 <= found <= items."""
    if not 0 <= found <= items:
        raise ValueError(f"{found} of {items}")
    return Ratio(found, items, *wilson(found, items))


def precision_of(reviewed: int, overturned: int) -> Ratio:
    """Return a rule's precision: the share of reviewed items on which people did not overturn it."""
    return ratio_of(reviewed - overturned, reviewed)
