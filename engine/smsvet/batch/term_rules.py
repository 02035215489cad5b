"""Evaluate rules on terms for many texts at once, given the numbers of terms that may occur."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..rules.checks import PythonCheck
from ..rules.rule import Rule
from ..rules.text_checks import TermsCheck
from .joined import Mask

Counts = NDArray[np.int64]


class TermRules:
    """The rules on terms, with the number of terms that each requires."""

    def __init__(self, rules: Iterable[Rule], categories: Mapping[str, int]) -> None:
        self._layers: list[_Layer] = []
        self._wide: list[tuple[list[int], _Enough]] = []
        for rule in rules:
            columns = [categories[name] for name in rule.trigger.categories if name in categories]
            if len(columns) > 1:
                self._wide.append((columns, enough_for(rule)))
            for column in columns if len(columns) == 1 else ():
                layer = next((one for one in self._layers if column not in one.taken), None)
                if layer is None:
                    layer = _Layer(len(categories))
                    self._layers.append(layer)
                layer.add(column, enough_for(rule))

    def enough(self, strong: Counts, weak: Counts) -> Mask:
        """Return which texts may have enough terms for a rule.

        A term in two of the rule's categories counts for both.
        """
        found = np.zeros(len(strong), np.bool_)
        for layer in self._layers:
            found |= layer.enough(strong, weak)
        for columns, enough in self._wide:
            sure, more = strong[:, columns].sum(axis=1), weak[:, columns].sum(axis=1)
            found |= more * enough.weak_count + sure >= enough.need
            found |= (sure > 0) & enough.strong_suffice
        return found


class _Enough(NamedTuple):
    """The required number of terms, whether one strong term is sufficient, and whether weak ones count."""

    need: int
    strong_suffice: bool
    weak_count: bool


def enough_for(rule: Rule) -> _Enough:
    """Return the number of terms that a rule on terms requires."""
    check = rule.file.check
    if isinstance(check, TermsCheck):
        return _Enough(check.weak, check.strength != "weak", check.strength != "strong")
    return _Enough(check.weak if isinstance(check, PythonCheck) else 1, True, True)


class _Layer:
    """Rules with a single category each, at most one per category, evaluated together."""

    def __init__(self, width: int) -> None:
        self.taken: set[int] = set()
        self._need = np.full(width, np.iinfo(np.int64).max)
        self._strong_suffice, self._weak_count = (np.zeros(width, np.bool_) for _ in range(2))

    def add(self, column: int, enough: _Enough) -> None:
        """Add the rule of a category that has none in this layer yet."""
        self.taken.add(column)
        self._need[column], self._strong_suffice[column], self._weak_count[column] = enough

    def enough(self, strong: Counts, weak: Counts) -> Mask:
        """Return which texts may have enough terms for a rule."""
        found = (weak * self._weak_count + strong >= self._need) | ((strong > 0) & self._strong_suffice)
        enough: Mask = np.logical_or.reduce(found, axis=1)
        return enough
