"""Line breaks, tabs and runs of four or more spaces in values."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

BREAK = re.compile(r"[\r\n\t]+| {4,}")


def check(document: Document) -> Iterator[Hit]:
    """Yield the first break of each value; the suggestion is the value on one line. Source: META-2."""
    for text in document.params:
        found = BREAK.search(text.original)
        if found:
            blanks = found[0].strip(" ") == ""
            words = {
                "key": text.field.partition(".")[2],
                "what": "四个以上连续空格" if blanks else "换行或制表符",
                "what_en": "four or more spaces in a row" if blanks else "a line break or a tab",
                "plain": BREAK.sub(" ", text.original).strip(),
            }
            yield Hit(text.place(*found.span()), words, suggestion=str(words["plain"]))
