"""Messages with a second pair of signature brackets, or with another signature than the submission's."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

PAIR = re.compile(r"【[^【】]*】")


def check(document: Document) -> Iterator[Hit]:
    """Yield every pair after the first, and the first pair if it differs from the `signature` field."""
    text, given = document.texts.get("text"), document.submission.signature
    if text is None:
        return
    pairs = list(PAIR.finditer(text.original))
    name = (given or "").strip().removeprefix("【").removesuffix("】")
    first = f"【{name}】" if name else pairs[0][0] if pairs else ""
    apart = bool(name and pairs and pairs[0][0] != first)
    for pair in pairs if apart else pairs[1:]:
        yield Hit(text.place(*pair.span()), {"first": first})
