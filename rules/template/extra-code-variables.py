"""Variables of a verification template besides the code and its validity."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

REMARK = 10
"""Minimum code points of a remark that justifies a third variable, as in the vendor FAQ of 2018."""
LEADING = re.compile(r"\s*【[^【】]{0,40}】")
MINUTES = re.compile(r"\s*(?:分钟|分|小时|min|秒)")


def check(document: Document) -> Iterator[Hit]:
    """Yield the first variable that is neither the code nor its validity."""
    body, remark = document.body, document.submission.remark or ""
    if body is None or (document.provider.profile(document.as_of) == "18" and len(remark.strip()) >= REMARK):
        return
    signed = LEADING.match(body.original) if document.provider.body_carries_signature else None
    placeholders = [one for one in document.placeholders if not (signed and one.span.end <= signed.end())]
    stated = document.provider.limit("otp_placeholders", document.as_of)
    most = stated if isinstance(stated, int) else 2
    codes = [
        placeholder for placeholder in placeholders if not MINUTES.match(body.original, placeholder.span.end)
    ]
    if len(placeholders) > most:
        yield Hit((codes[1:] or placeholders[most:])[0].span)
    elif len(codes) > 1:
        yield Hit(codes[1].span)
