"""Templates whose fixed text does not show what they are for."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit

FIXED, SHARE, REMARK = 6, 4, 10
"""Least fixed Han characters or words, least of them per variable when there are three, least remark: all ours."""
LARGEST = 0.6
"""Greatest share of a message that its variables may be, at their declared lengths: ours."""
LATIN = 2
"""Han characters that a Latin word counts for."""
HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"(?<![a-z0-9])[a-z]{2,}(?![a-z0-9])")


def shows(fixed: int, count: int, longest: int) -> bool:
    """Return whether so much fixed text shows what the template is for."""
    return fixed >= FIXED and (count < 3 or fixed / count >= SHARE) and longest <= LARGEST * (fixed + longest)


def check(document: Document) -> Iterator[Hit]:
    """Yield the body when it has few words for its variables and no remark explains it."""
    body = document.body
    if body is None:
        return
    fixed = sum(map(len, HAN.findall(body.folded)))
    count = len(document.placeholders)
    declared = document.submission.variables or {}
    longest = sum(one.max or 0 for one in declared.values())
    if shows(fixed, count, longest):
        return
    fixed += LATIN * len(WORD.findall(body.folded.replace(HOLE, " ")))
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
            "remark_en": ", and the remark does not tell" if remark else ", and there is no remark",
        },
    )
