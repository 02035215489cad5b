"""Weak terms in a message about to be sent, which decide nothing by themselves."""

from collections.abc import Iterator

from smsvet import Document, Hit

MILD = {"marketing", "absolute_claims", "carrier"}
"""Categories whose weak terms are ignored."""


def check(document: Document) -> Iterator[Hit]:
    """Yield each weak term of the text once."""
    text = document.texts.get("text")
    seen: set[str] = set()
    for term in text.terms if text else ():
        if term.strength == "weak" and term.category not in MILD and term.text not in seen:
            seen.add(term.text)
            yield Hit(term.span, category=term.category, transforms=term.transforms, spans=term.spans)
