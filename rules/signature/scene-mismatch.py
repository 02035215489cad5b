"""Signatures for verification codes on a message of another type."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

NAMES = {"notification": ("通知", "notification"), "marketing": ("推广", "marketing")}


def check(document: Document) -> Iterator[Hit]:
    """Yield the part of the signature about verification codes, if the message is of another type."""
    signature, named = document.signature, NAMES.get(document.purpose)
    found = re.search(r"验证码|校验码|动态码|登录验证", signature.folded) if signature else None
    if signature is not None and found and named:
        words = {"match": signature.original, "purpose": named[0], "purpose_en": named[1]}
        yield Hit(signature.span(*found.span()), words)
