"""Facts of a transaction: clauses that state what has happened, in which ordinary words are no evidence.

A fact covers the weak terms and the combinations of its own clause. A strong word or phrase, a disguise, a link, a
private contact and a lure anywhere in the text are evidence that a fact does not outweigh.
"""

from __future__ import annotations

import re
from functools import cached_property

from ..files.cached_model import CachedModel
from ..model import Term
from ..text.text import Text
from .warnings import is_public, place_of

FILE = "facts.yaml"
CLAUSES = re.compile(r"[^,。;:!?\n【】()]+")


class Facts(CachedModel):
    """`corpora/facts.yaml`: a list of term categories, and patterns by their role; the file describes each."""

    kept: tuple[str, ...]
    fact: tuple[str, ...]
    lure: tuple[str, ...]


class FactReader:
    """Finds the terms that a fact of a transaction outweighs. Immutable."""

    def __init__(self, facts: Facts) -> None:
        """Prepare the patterns, which are compiled when the first text has such a term."""
        self.facts = facts
        self._kept = frozenset(facts.kept)

    @cached_property
    def _fact(self) -> re.Pattern[str]:
        return re.compile("|".join(self.facts.fact))

    @cached_property
    def _lure(self) -> re.Pattern[str]:
        return re.compile("|".join(self.facts.lure))

    def used(self, text: Text) -> tuple[Term, ...]:
        """Return the terms of `text` that no fact outweighs, in order. Links and contacts must be known."""
        if text.field == "signature" or not any(map(self._is_slight, text.terms)):
            return text.terms
        if (
            text.links
            or not all(map(is_public, text.contacts))
            or any(term.transforms for term in text.terms)
        ):
            return text.terms
        if self._fact.search(text.folded) is None or self._lure.search(text.folded):
            return text.terms
        clauses = [
            found.span()
            for found in CLAUSES.finditer(text.folded)
            if self._fact.search(text.folded, *found.span())
        ]
        return tuple(
            term
            for term in text.terms
            if not (self._is_slight(term) and touches(place_of(text, term), clauses))
        )

    def _is_slight(self, term: Term) -> bool:
        """Return whether a term is weak or a combination, and its category is not one that always counts."""
        return (term.strength == "weak" or bool(term.spans)) and term.category not in self._kept


def touches(place: tuple[int, int], clauses: list[tuple[int, int]]) -> bool:
    """Return whether a place [start, end) shares a code point with one of the clauses."""
    start, end = place
    return any(start < last and first < end for first, last in clauses)
