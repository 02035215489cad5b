"""Notices to several recipients at night, in China time."""

from collections.abc import Iterator

from smsvet import Document, Hit, china_time


def check(document: Document) -> Iterator[Hit]:
    """Yield a notice to more than one number sent between 22:00 and 8:00. Source: U-RECEIPT."""
    sent_at, count = document.submission.sent_at, len(set(document.submission.recipients or ()))
    if sent_at is None or count < 2:
        return
    now = china_time(sent_at)
    if now.hour >= 22 or now.hour < 8:
        yield Hit(None, {"clock": f"{now:%H:%M}", "count": count})
