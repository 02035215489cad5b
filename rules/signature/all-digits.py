"""Signatures that consist of digits."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

SERVICE = re.compile(r"1[12][0-9]|12[0-9]{3}|100[0-9]{2}|9[56][0-9]{3,4}")


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature of digits; a possible hit if it may be a public service number."""
    signature = document.signature
    if signature is not None and re.fullmatch(r"[0-9]+", signature.folded):
        possible = bool(SERVICE.fullmatch(signature.folded))
        yield Hit(signature.place(0, len(signature.original)), possible=possible)
