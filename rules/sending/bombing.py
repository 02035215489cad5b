"""Many more verification codes in a day than on earlier days."""

from collections.abc import Iterator
from datetime import timedelta

from smsvet import Document, Hit, china_time, earlier_messages, is_code_message

LEAST = 100
"""Minimum number of codes in 24 hours for a burst."""

TIMES = 10
"""Minimum ratio of a burst to the usual number per day."""


def check(document: Document) -> Iterator[Hit]:
    """Yield a burst: at least 100 codes in 24 hours, and at least ten times the earlier daily average."""
    sent_at = document.submission.sent_at
    if sent_at is None:
        return
    now = china_time(sent_at)
    start = now - timedelta(hours=24)
    codes = [
        at
        for at, sent in earlier_messages(document)
        if at <= now and sent.text and is_code_message(sent.text)
    ]
    earlier = [at for at in codes if at < start]
    if not earlier:
        return
    count = len(codes) - len(earlier)
    days = max(1.0, (start - min(earlier)).total_seconds() / 86400)
    usual = len(earlier) / days
    if count >= LEAST and count >= TIMES * usual:
        yield Hit(None, {"count": count, "usual": f"{usual:.1f}"})
