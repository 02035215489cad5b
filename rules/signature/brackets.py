"""Brackets in a signature."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

BRACKETS = re.compile(r"[【】\[\]()（）〔〕「」『』]")


def check(document: Document) -> Iterator[Hit]:
    """Yield the span from the first to the last bracket; the suggestion is the name without brackets."""
    signature = document.signature
    if signature is None:
        return
    bare = BRACKETS.sub("", signature.original).strip()
    places = [found.start() for found in BRACKETS.finditer(signature.original)]
    if places:
        yield Hit(
            signature.place(places[0], places[-1] + 1),
            {"bare": bare},
            suggestion=document.with_signature(bare) if bare else None,
        )
