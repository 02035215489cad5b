"""Values that are whole sentences."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, fillings

MARK = re.compile(r"[，。；！？!?;]|(?<![0-9]),|,(?![0-9])")
CLAUSE = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")
FREE = {"", "text", "newtext", "txt", "others"}


def check(document: Document) -> Iterator[Hit]:
    """Yield each free-text value with two or more punctuation marks between words."""
    for one in fillings(document):
        if (one.attribute or "").lower() not in FREE:
            continue
        marks = list(MARK.finditer(one.value))
        clauses = [clause for clause in MARK.split(one.value) if CLAUSE.search(clause)]
        if len(marks) > 1 and len(clauses) > 1:
            yield Hit(one.span, {"key": one.key, "count": len(marks)})
