"""Facts of a transaction: clauses that state completed acts, where ordinary words do not count.

A fact covers the weak terms and the combinations of its own clause. A strong word or phrase, a disguise, a link, a
private contact and a lure anywhere in the text are evidence that a fact does not outweigh. Beside a number of the
sender's own, terms of fraud count too: fraud states facts and gives a number to call. The name of the other party of
a transaction covers every term in it.
"""

from __future__ import annotations

import re
from functools import cached_property

from ..files.cached_model import CachedModel
from ..model import Term
from ..text.text import Text
from .warnings import is_public, place_of, places_of, touches

FILE = "facts.yaml"
NUMBERS = frozenset(("landline", "400", "service"))
"""Kinds of contacts that a notice gives for questions."""
VALUE = "params."
"""Begins the field of a variable's value."""
CLAUSES = re.compile(r"(?:[^,。;:!?\n【】()]|(?<=[0-9])[,:](?=[0-9]))+")


class Facts(CachedModel):
    """`corpora/facts.yaml`: a list of term categories, and patterns by their role; the file describes each."""

    kept: tuple[str, ...]
    doubted: tuple[str, ...]
    fact: tuple[str, ...]
    party: tuple[str, ...]
    name: str
    lure: tuple[str, ...]


class FactReader:
    """Finds the terms that a fact of a transaction outweighs. Immutable."""

    def __init__(self, facts: Facts) -> None:
        """Prepare the patterns, which are compiled when the first text has such a term."""
        self.facts = facts
        self._kept = frozenset(facts.kept)
        self._doubted = frozenset(facts.doubted)

    @cached_property
    def _fact(self) -> re.Pattern[str]:
        return re.compile("|".join(self.facts.fact))

    @cached_property
    def _party(self) -> re.Pattern[str]:
        return re.compile("|".join(self.facts.party))

    @cached_property
    def _name(self) -> re.Pattern[str]:
        return re.compile(self.facts.name)

    @cached_property
    def _lure(self) -> re.Pattern[str]:
        return re.compile("|".join(self.facts.lure))

    def used(self, text: Text) -> tuple[Term, ...]:
        """Return the terms of `text` that no fact outweighs, in order. Links and contacts must be known."""
        if not text.terms or text.field == "signature" or text.links or any(t.transforms for t in text.terms):
            return text.terms
        if text.field.startswith(VALUE) and self._name.fullmatch(text.folded):
            return ()
        numbers = [contact for contact in text.contacts if not is_public(contact)]
        if any(contact.kind not in NUMBERS for contact in numbers):
            return text.terms
        if self._fact.search(text.folded) is None or self._lure.search(text.folded):
            return text.terms
        clauses = [
            found.span()
            for found in CLAUSES.finditer(text.folded)
            if self._fact.search(text.folded, *found.span())
        ]
        parties = [found.span() for found in self._party.finditer(text.folded)]
        counting = self._kept | self._doubted if numbers else self._kept
        return tuple(
            term
            for term in text.terms
            if not (
                any(touches(piece, parties) for piece in places_of(text, term))
                or (
                    (term.strength == "weak" or term.spans)
                    and term.category not in counting
                    and touches(place_of(text, term), clauses)
                )
            )
        )
