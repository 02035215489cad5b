"""How far two people agree beyond chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...proportions import Z, wilson

ENOUGH: Final = 30
"""Fewer pairs than this give no kappa."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with its 95 % interval, each within -1 and 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of pairs of decisions."""

    pairs: int
    agreed: int
    low: float
    """Of the share agreed: lower bound of its 95 % interval (Wilson)."""
    high: float
    kappa: Kappa | None
    """None for fewer than 30 pairs, or if only one decision occurs, so that any agreement may be chance."""

    @property
    def enough(self) -> bool:
        """Return whether there are enough pairs for a kappa."""
        return self.pairs >= ENOUGH


def agreement_of(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Return the agreement of pairs of a first and a second decision."""
    table: dict[tuple[str, str], int] = {}
    for pair in pairs:
        table[pair] = table.get(pair, 0) + 1
    return agreement_in(table)


def agreement_in(table: Mapping[tuple[str, str], int]) -> Agreement:
    """Return the agreement in a table: first and second decision -> number of pairs."""
    number = sum(table.values())
    agreed = sum(count for (first, second), count in table.items() if first == second)
    low, high = wilson(agreed, number)
    decisions = sorted({decision for pair in table for decision in pair})
    counts = [[table.get((first, second), 0) for second in decisions] for first in decisions]
    return Agreement(number, agreed, low, high, cohen_kappa(counts) if number >= ENOUGH else None)


def cohen_kappa(counts: Sequence[Sequence[int]]) -> Kappa | None:
    """Return the kappa of a square table of counts, rows for the first person; None if one category has all the pairs.

    Source: J. Cohen, A coefficient of agreement for nominal scales (1960); the standard error for the interval is that
    of J. L. Fleiss, J. Cohen and B. S. Everitt, Large sample standard errors of kappa and weighted kappa (1969).
    """
    number = sum(map(sum, counts))
    if not number:
        return None
    shares = [[count / number for count in row] for row in counts]
    places = range(len(shares))
    rows = [sum(row) for row in shares]
    columns = [sum(row[place] for row in shares) for place in places]
    observed = sum(shares[place][place] for place in places)
    expected = sum(rows[place] * columns[place] for place in places)
    if math.isclose(expected, 1):
        return None
    kappa = (observed - expected) / (1 - expected)
    same = sum(shares[i][i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in places)
    other = sum(shares[i][j] * (columns[i] + rows[j]) ** 2 for i in places for j in places if i != j)
    variance = same + (1 - kappa) ** 2 * other - (kappa - expected * (1 - kappa)) ** 2
    error = math.sqrt(max(variance, 0) / number) / (1 - expected)
    return Kappa(kappa, max(kappa - Z * error, -1), min(kappa + Z * error, 1))
