"""Find the words of lexicons and the literals of patterns in many texts at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..text.automaton import build_automaton
from .joined import POINTS, JoinedTexts, Points, to_text
from .occurrences import Occurrences


class Literals:
    """Finds all searched strings in normalised texts. Immutable.

    Most matches are single characters. A table finds those, and the automaton finds longer strings.
    """

    def __init__(self, literals: Sequence[str], backend: str | None) -> None:
        """Take the strings by number, and the name of the automaton's implementation."""
        self._count = len(literals)
        # The number of literals marks a character that is not a literal.
        self._single = np.full(POINTS, self._count, np.int64)
        self._longer = np.array([number for number, word in enumerate(literals) if len(word) > 1], np.int64)
        for number, word in enumerate(literals):
            if len(word) == 1 and ord(word) < POINTS:
                self._single[ord(word)] = number
        self._matcher = build_automaton([word for word in literals if len(word) > 1], backend)

    def find(self, joined: JoinedTexts, folded: Points) -> Occurrences:
        """Return which texts contain which literals."""
        found = self._matcher.columns(to_text(folded))
        single = self._single.take(folded)
        places = np.flatnonzero(single < self._count)
        return Occurrences(
            np.concatenate((self._longer.take(found.pattern), single.take(places))),
            joined.rows(np.concatenate((found.start, places))),
            self._count,
            len(joined),
        )
