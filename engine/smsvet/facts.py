"""Facts that a rule may need: a rule whose facts a submission lacks is not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
)


def _given(name: str) -> Callable[[Document], object]:
    return lambda document: getattr(document.submission, name) is not None


FACTS: Mapping[str, Callable[[Document], object]] = {
    "signature": lambda document: "signature" in document.texts,
    "body": lambda document: "body" in document.texts,
    "text": lambda document: "text" in document.texts,
    "params": lambda document: document.submission.params is not None,
    "placeholders": lambda document: document.placeholders,
    "problems": lambda document: any(text.problems for text in document.texts.values()),
    "terms": lambda document: any(text.terms for text in document.texts.values()),
    "links": lambda document: any(text.links for text in document.texts.values()),
    "contacts": lambda document: any(text.contacts for text in document.texts.values()),
    **{name: _given(name) for name in _GIVEN},
}
"""Name -> whether a document has it. `purpose` means that it was declared, not inferred."""

BITS: Mapping[str, int] = {name: 1 << place for place, name in enumerate(FACTS)}


def mask(names: tuple[str, ...]) -> int:
    """Return the facts named as one set of bits."""
    return sum(BITS[name] for name in set(names))


def present(document: Document) -> int:
    """Return the facts that a document has as one set of bits."""
    return sum(BITS[name] for name, has in FACTS.items() if has(document))
