"""Bodies in which Chinese is the smaller part."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

HAN = re.compile(r"[\u3400-\u9fff]")
LETTER = re.compile(r"[^\W\d_]")


def check(document: Document) -> Iterator[Hit]:
    """Yield the body when fewer than a third of its letters are Chinese characters."""
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
