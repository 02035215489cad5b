"""Templates whose purpose is not clear from their fixed text."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit, count_words

FIXED, SHARE, REMARK = 6, 4, 10
"""Minimum fixed words, minimum per variable from three variables on, minimum code points of a remark.

A Han character counts as one word. The numbers are our own choice.
"""
LARGEST = 0.6
"""Maximum share of variables in a message, at their declared lengths; our own choice."""
WORD = 2
"""Number of Han characters that a word of another script counts as."""
HAN = re.compile(r"[\u3400-\u9fff]+")


def shows(fixed: int, count: int, longest: int) -> bool:
    """Return whether this amount of fixed text is enough to show the template's purpose."""
    return fixed >= FIXED and (count < 3 or fixed / count >= SHARE) and longest <= LARGEST * (fixed + longest)


def check(document: Document) -> Iterator[Hit]:
    """Yield a body with too few words for its variables and without an explanatory remark."""
    body = document.body
    if body is None:
        return
    fixed = sum(map(len, HAN.findall(body.folded)))
    count = len(document.placeholders)
    declared = document.submission.variables or {}
    longest = sum(one.max or 0 for one in declared.values())
    if shows(fixed, count, longest):
        return
    fixed += WORD * count_words(body.folded.replace(HOLE, " "))
    if shows(fixed, count, longest):
        return
    remark = (document.submission.remark or "").strip()
    if len(remark) >= REMARK and remark != body.original:
        return
    yield Hit(
        body.place(0, len(body.original)),
        {
            "fixed": fixed,
            "count": count,
            "remark": "，备注也没有说明" if remark else "，也没有备注",
            "remark_en": ", and the remark does not explain it" if remark else ", and no remark was given",
        },
    )
