"""Recipients over the provider's daily limit. Days are in China time."""

from collections.abc import Iterator

from smsvet import Document, Hit, china_time, sent_before


def check(document: Document) -> Iterator[Hit]:
    """Yield each recipient that has already received the day's maximum. Source: SEED, A-TPL."""
    most, sent_at = document.provider.limit("daily_messages", document.as_of), document.submission.sent_at
    if not isinstance(most, int) or sent_at is None:
        return
    today = china_time(sent_at).date()
    for number, earlier in sent_before(document).items():
        count = sum(at.date() == today for at, _ in earlier)
        if count >= most:
            yield Hit(None, {"number": number, "count": count, "most": most})
