"""Transition matrices: how many items have one decision on the old side and another on the new."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

NAMES: Final = ("approve", "manual_review", "reject")
"""The decisions by strictness; a decision is its index."""
ERROR: Final = -1
"""Stands for a row without a verdict."""
TOP: Final = 20
"""Groups that are shown."""
MOST_GROUPS: Final = 50_000

Move = tuple[int, int]


@dataclass(slots=True)
class Matrix:
    """Numbers of items by old and new decision."""

    counts: Counter[Move] = field(default_factory=Counter)

    def add(self, old: int, new: int, items: int = 1) -> None:
        """Count items."""
        self.counts[old, new] += items

    @property
    def total(self) -> int:
        """Return the number of items."""
        return self.counts.total()

    @property
    def moved(self) -> int:
        """Return the number of items with different decisions."""
        return sum(items for (old, new), items in self.counts.items() if old != new)

    @property
    def stricter(self) -> int:
        """Return the number of items whose new decision is stricter."""
        return sum(items for (old, new), items in self.counts.items() if new > old)

    @property
    def milder(self) -> int:
        """Return the number of items whose new decision is milder."""
        return sum(items for (old, new), items in self.counts.items() if new < old)

    def olds(self, decision: int) -> int:
        """Return the number of items with a decision on the old side."""
        return sum(self.counts[decision, new] for new in range(len(NAMES)))

    def news(self, decision: int) -> int:
        """Return the number of items with a decision on the new side."""
        return sum(self.counts[old, decision] for old in range(len(NAMES)))

    def entering(self, decision: int) -> int:
        """Return the number of items that have a decision only on the new side."""
        return self.news(decision) - self.counts[decision, decision]

    def rows(self) -> list[list[int]]:
        """Return the matrix: a row for each old decision, a column for each new one."""
        return [[self.counts[old, new] for new in range(len(NAMES))] for old in range(len(NAMES))]

    def moves(self) -> list[tuple[Move, int]]:
        """Return the moves that occur, the most frequent first."""
        found = [(move, items) for move, items in self.counts.items() if move[0] != move[1] and items]
        return sorted(found, key=lambda one: (-one[1], one[0]))


@dataclass(slots=True)
class Grouped:
    """A matrix for each value of a column, for at most MOST_GROUPS values.

    Of more values, those with the fewest items are dropped: `complete` is then false, and the numbers of values that are
    rare at first are lower bounds.
    """

    room: int = MOST_GROUPS
    groups: dict[str, Matrix] = field(default_factory=dict)
    complete: bool = True

    def add(self, value: str, old: int, new: int, items: int) -> None:
        """Count items of a value."""
        self.groups.setdefault(value, Matrix()).add(old, new, items)
        if len(self.groups) > self.room:
            self.complete = False
            kept = sorted(self.groups.items(), key=lambda one: (-one[1].moved, -one[1].total, one[0]))
            self.groups = dict(kept[: self.room // 2])

    def top(self, count: int = TOP) -> list[tuple[str, Matrix]]:
        """Return the values with most moved items, then with most items."""
        ordered = sorted(self.groups.items(), key=lambda one: (-one[1].moved, -one[1].total, one[0]))
        return ordered[:count]


def rank(name: str | None) -> int:
    """Return the index of a decision; ERROR for None."""
    return ERROR if name is None else NAMES.index(name)


def as_json(matrix: Matrix) -> dict[str, Any]:
    """Return a matrix as JSON: old decision -> new decision -> items."""
    return {
        NAMES[old]: {NAMES[new]: items for new, items in enumerate(row)}
        for old, row in enumerate(matrix.rows())
    }


def groups_as_json(grouped: Grouped) -> list[dict[str, Any]]:
    """Return the top groups as JSON."""
    return [
        {"value": value, "items": matrix.total, "moved": matrix.moved, "matrix": as_json(matrix)}
        for value, matrix in grouped.top()
    ]
