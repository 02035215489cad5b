"""Placeholders left in a rendered text."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each placeholder in the text, in the syntax of this or another provider."""
    text = document.texts.get("text")
    for placeholder in text.placeholders if text else ():
        yield Hit(placeholder.span)
