"""Placeholders with at most white space between them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from smsvet import Document, Hit, Placeholder, attribute_named

TIMED = ("huawei", "huawei-intl")
"""Providers that demand two variables for a date and a time. Source: H-VAR."""
GAP, BLANK = re.compile(r"\s*"), re.compile(r"[ \u00a0\u3000]+")
MOMENTS = {"time", "datetime", "date", "clock"}


def check(document: Document) -> Iterator[Hit]:
    """Yield adjacent placeholders.

    At Huawei, a blank separates a date from a time; the hit is a possible one where no attributes were declared.
    """
    body = document.body
    if body is None:
        return
    for left, right in pairwise(document.placeholders):
        start, end = left.span.end, right.span.start
        if not GAP.fullmatch(body.original, start, end):
            continue
        kinds = None
        if document.provider.id in TIMED and BLANK.fullmatch(body.original, start, end):
            kinds = {is_moment(document, left), is_moment(document, right)}
            if kinds == {True}:
                continue
        yield Hit(
            body.place(left.span.start, right.span.end), possible=kinds is not None and False not in kinds
        )


def is_moment(document: Document, placeholder: Placeholder) -> bool | None:
    """Return whether a placeholder is for a date or a time; None if no attribute says what it is for."""
    declared = (document.submission.variables or {}).get(placeholder.name or "")
    name = (declared.type if declared else None) or placeholder.kind
    if not name:
        return None
    known = attribute_named(name, document.provider.id)
    return known is not None and bool(MOMENTS & {*known.names})
