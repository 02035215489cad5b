"""Signatures that are not at the start of the message."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

PAIR = re.compile(r"【[^【】]+】")


def check(document: Document) -> Iterator[Hit]:
    """Yield the first pair of brackets if text precedes it; the suggestion moves the signature to the start."""
    text = document.texts.get("text")
    found = PAIR.search(text.original) if text else None
    if text is None or found is None or not text.original[: found.start()].strip():
        return
    rest = (text.original[: found.start()] + text.original[found.end() :]).strip()
    yield Hit(text.place(*found.span()), suggestion=found[0] + rest)
