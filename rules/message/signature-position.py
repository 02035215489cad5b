"""Signatures that do not stand at the front."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

PAIR = re.compile(r"【[^【】]+】")


def check(document: Document) -> Iterator[Hit]:
    """Yield the first pair of brackets when something stands before it, with the signature moved."""
    text = document.texts.get("text")
    found = PAIR.search(text.original) if text else None
    if text is None or found is None or not text.original[: found.start()].strip():
        return
    rest = (text.original[: found.start()] + text.original[found.end() :]).strip()
    yield Hit(text.place(*found.span()), suggestion=found[0] + rest)
