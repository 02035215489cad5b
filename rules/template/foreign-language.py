"""Bodies that are mostly not Chinese."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

HAN = re.compile(r"[\u3400-\u9fff]")
LETTER = re.compile(r"[^\W\d_]")


def check(document: Document) -> Iterator[Hit]:
    """Yield a body where less than a third of the letters are Chinese characters."""
    body = document.body
    if body is None:
        return
    kana = len(re.findall(r"[\u3040-\u30ff]", body.folded))
    letters = len(LETTER.findall(body.folded))
    words = [link.span.end - link.span.start for link in body.links]
    if letters - sum(words) >= 10 and (
        len(HAN.findall(body.folded)) * 3 < letters - sum(words) or kana * 4 > letters
    ):
        yield Hit(body.place(0, len(body.original)))
