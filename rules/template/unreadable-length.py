"""Texts longer than the engine searches."""

from collections.abc import Iterator

from smsvet import SEARCHED, Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the searched part of a text that goes on after it."""
    for name, text in document.texts.items():
        if text.left:
            words = {"field": name, "length": text.length, "most": SEARCHED}
            yield Hit(text.place(0, len(text.original)), words)
