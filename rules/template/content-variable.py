"""Variables for the whole content of the message, by their name or the words before them."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit

NAMED = re.compile(
    r"(?:content|msg|message|text|info|detail|details|desc|description|body)[0-9]*", re.IGNORECASE
)
WORDS = ("内容", "消息", "详情", "信息", "正文", "事由")
INTRODUCED = re.compile(rf"(?:{'|'.join(WORDS)})[:是为]\s*$")
ANCHORS = (re.compile(rf"(?:{'|'.join(WORDS)})[:是为]\s*{HOLE}"),)


def check(document: Document) -> Iterator[Hit]:
    """Yield placeholders whose name or preceding words mean the whole message."""
    body = document.body
    if body is None:
        return
    holes = document.placeholders
    introduced = not all(hole.text.isascii() for hole in holes) or any(word in body.folded for word in WORDS)
    for placeholder in holes:
        if placeholder.name and NAMED.fullmatch(placeholder.name):
            yield Hit(placeholder.span)
            continue
        if not introduced:
            continue
        before = document.folder.fold(
            body.original[max(0, placeholder.span.start - 8) : placeholder.span.start]
        )[0]
        if INTRODUCED.search(before):
            yield Hit(placeholder.span)
