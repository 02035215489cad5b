"""Marketing outside the hours when the provider sends it, in China time."""

from collections.abc import Iterator

from smsvet import Document, Hit, china_time


def check(document: Document) -> Iterator[Hit]:
    """Yield marketing outside its hours; a possible hit if the purpose was inferred."""
    hours, sent_at = document.provider.limit("marketing_hours", document.as_of), document.submission.sent_at
    if not isinstance(hours, tuple) or sent_at is None:
        return
    now = china_time(sent_at)
    first, last = int(hours[0]), int(hours[1])
    if not first <= now.hour < last:
        words = {"first": first, "last": last, "clock": f"{now:%H:%M}"}
        yield Hit(None, words, possible=document.submission.purpose is None)
