"""Brackets in a signature, and the name without them."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

BRACKETS = re.compile(r"[【】\[\]()（）〔〕「」『』]")


def check(document: Document) -> Iterator[Hit]:
    """Yield each bracket of the signature, with the bare name as suggestion."""
    signature = document.signature
    if signature is None:
        return
    bare = BRACKETS.sub("", signature.original).strip()
    for found in BRACKETS.finditer(signature.original):
        yield Hit(signature.place(*found.span()), {"bare": bare}, suggestion=bare or None)
