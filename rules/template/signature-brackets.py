"""Signature brackets inside a body, where the provider adds the signature itself."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

ANCHORS = (re.compile(r"[\[\](){}<>【】「」『』〔〕〖〗《》〈〉]"),)
LEADING = re.compile(r"\s*【[^【】]{1,40}】")


def check(document: Document) -> Iterator[Hit]:
    """Yield each bracket that the provider refuses in a body, except a leading signature where it is allowed."""
    body, provider = document.body, document.provider
    if body is None:
        return
    stated = provider.limit("body_brackets", document.as_of)
    refused = tuple(map(str, stated)) if isinstance(stated, str | tuple) and stated else ("【", "】")
    if not any(char in body.original for char in refused):
        return
    signed = LEADING.match(body.original) if provider.body_carries_signature else None
    for place, char in enumerate(body.original):
        if char in refused and not (signed and place < signed.end()):
            yield Hit(body.place(place, place + 1))
