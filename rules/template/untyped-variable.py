"""Variables of India DLT that do not state which values they take."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each placeholder `{#var#}`; the tagged ones have a kind. Source: MSG91-TAG, DLT-TAG."""
    for item in document.placeholders:
        if item.name is not None and item.kind is None and item.text.startswith("{"):
            yield Hit(item.span)
