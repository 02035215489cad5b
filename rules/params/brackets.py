"""Brackets in values that look like a signature, or that a provider refuses."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

SIGNATURE = re.compile(r"[【】\[\]]+")
HUAWEI = re.compile(r"[【】\[\]{}']+")


def check(document: Document) -> Iterator[Hit]:
    """Yield the first bracket of each value; the suggestion removes them. Source: B-TPL, H-VAR."""
    pattern = HUAWEI if document.provider.id in ("huawei", "huawei-intl") else SIGNATURE
    for text in document.params:
        found = pattern.search(text.original)
        if found:
            bare = pattern.sub("", text.original)
            words = {"key": text.field.partition(".")[2], "bare": bare}
            yield Hit(text.place(*found.span()), words, suggestion=bare)
