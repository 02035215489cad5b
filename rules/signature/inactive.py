"""Signatures that the supplied history shows to be unused."""

from collections.abc import Iterator
from datetime import timedelta

from smsvet import Document, Hit

SIX_MONTHS = timedelta(days=183)


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature whose last message is more than six months old."""
    signature = document.signature
    if signature is None:
        return
    shown = f"【{signature.original}】"
    days = [
        sent.at.date()
        for sent in document.submission.history or ()
        if sent.text is None or "【" not in sent.text or shown in sent.text
    ]
    if days and document.as_of - max(days) > SIX_MONTHS:
        yield Hit(signature.place(0, len(signature.original)), {"last": max(days).isoformat()})
