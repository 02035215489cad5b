"""Submissions without a purpose."""

from collections.abc import Iterator

from smsvet import Document, Hit

NAMES = {"verification": "验证码", "notification": "通知", "marketing": "营销"}


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit if the purpose was inferred from the text."""
    if document.submission.purpose is None:
        yield Hit(None, {"purpose": NAMES[document.purpose], "purpose_en": document.purpose})
