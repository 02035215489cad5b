"""The same content to a number more than three times in five minutes."""

from collections.abc import Iterator
from datetime import timedelta

from smsvet import Document, Hit, china_time, sent_before, unsigned_content, without_signature


def check(document: Document) -> Iterator[Hit]:
    """Yield each recipient that has already received the content three times. Source: YP."""
    sent_at, content = document.submission.sent_at, unsigned_content(document)
    if sent_at is None:
        return
    start = china_time(sent_at) - timedelta(minutes=5)
    for number, earlier in sent_before(document).items():
        count = sum(
            at > start for at, sent in earlier if sent.text and without_signature(sent.text) == content
        )
        if count >= 3:
            yield Hit(None, {"number": number, "count": count})
