"""Facts that a rule may need: a rule whose facts a submission lacks is not run."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from .document import Document

_GIVEN = (
    "purpose",
    "remark",
    "source",
    "documents",
    "variables",
    "samples",
    "account",
    "recipients",
    "sent_at",
    "history",
    "params",
)

FACTS = ("signature", "body", "text", "placeholders", "problems", "terms", "links", "contacts", *_GIVEN)
"""What a document may have. `purpose` means that it was declared, not inferred."""

BITS: Mapping[str, int] = {name: 1 << place for place, name in enumerate(FACTS)}

_given = attrgetter(*_GIVEN)
_GIVEN_BITS = tuple(BITS[name] for name in _GIVEN)
_FIELDS = {name: BITS[name] for name in ("signature", "body", "text")}
_PLACEHOLDERS, _PROBLEMS = BITS["placeholders"], BITS["problems"]
_TERMS, _LINKS, _CONTACTS = BITS["terms"], BITS["links"], BITS["contacts"]


def mask(names: tuple[str, ...]) -> int:
    """Return the facts named as one set of bits."""
    return sum(BITS[name] for name in set(names))


def present(document: Document) -> int:
    """Return the facts that a document has as one set of bits."""
    facts = 0
    for bit, value in zip(_GIVEN_BITS, _given(document.submission), strict=True):
        if value is not None:
            facts |= bit
    for name, text in document.texts.items():
        facts |= _FIELDS.get(name, 0)
        if text.terms:
            facts |= _TERMS
        if text.links:
            facts |= _LINKS
        if text.contacts:
            facts |= _CONTACTS
        if text.problems:
            facts |= _PROBLEMS
        if name == "body" and text.placeholders:
            facts |= _PLACEHOLDERS
    return facts
