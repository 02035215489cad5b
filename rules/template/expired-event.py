"""Dates of past years in a template."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

DATED = re.compile(
    r"(?<![0-9])(20[0-9]{2})年(?!起|以来|成立|创立|建|至今|度)(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?"
)
ANCHORS = (DATED,)


def check(document: Document) -> Iterator[Hit]:
    """Yield dates whose year is before the year of the review."""
    body = document.body
    if body is None:
        return
    for found in DATED.finditer(body.folded):
        if int(found[1]) < document.as_of.year:
            yield Hit(body.span(*found.span()))
