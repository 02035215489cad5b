"""Placeholders that are still in a rendered text."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each placeholder, of this provider or another, that the text still has."""
    text = document.texts.get("text")
    for placeholder in text.placeholders if text else ():
        yield Hit(placeholder.span)
