"""Verification templates without a variable."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

CODE = re.compile(r"(?<![0-9a-z./])(?=[a-z]{0,7}[0-9])[0-9a-z]{4,8}(?![0-9a-z年./])")
"""A code written as fixed text: 4 to 8 digits and letters. Source: OWN."""


def check(document: Document) -> Iterator[Hit]:
    """Yield a body without a variable; the hit is a possible one if the body states a fixed code."""
    body = document.body
    if body is not None:
        yield Hit(body.place(0, len(body.original)), possible=CODE.search(body.folded) is not None)
