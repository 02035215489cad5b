"""Far more verification codes in a day than on the days before."""

from collections.abc import Iterator
from datetime import timedelta

from smsvet import Document, Hit, china_time, earlier_messages, is_code_message

LEAST = 100
"""Codes in 24 hours below which nothing is a burst."""

TIMES = 10
"""How many times the usual number of a day a burst is."""


def check(document: Document) -> Iterator[Hit]:
    """Yield a burst: at least 100 codes in 24 hours, and ten times those of an earlier day."""
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
