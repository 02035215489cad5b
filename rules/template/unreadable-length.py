"""Texts longer than the engine's search limit."""

from collections.abc import Iterator

from smsvet import SEARCHED, Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the searched part of each text that is longer."""
    for name, text in document.texts.items():
        if text.left:
            words = {"field": name, "length": text.length, "most": SEARCHED}
            yield Hit(text.place(0, len(text.original)), words)
