"""The same content to the same number within the provider's minimum interval."""

from collections.abc import Iterator

from smsvet import Document, Hit, china_time, sent_before, unsigned_content, without_signature


def check(document: Document) -> Iterator[Hit]:
    """Yield each recipient that received the content too recently. Source: SEED, YP."""
    seconds = document.provider.limit("same_content_seconds", document.as_of)
    content, sent_at = unsigned_content(document), document.submission.sent_at
    if not isinstance(seconds, int) or content is None or sent_at is None:
        return
    now = china_time(sent_at)
    for number, earlier in sent_before(document).items():
        gaps = [
            (now - at).total_seconds()
            for at, sent in earlier
            if sent.text and without_signature(sent.text) == content
        ]
        if gaps and min(gaps) < seconds:
            yield Hit(None, {"number": number, "ago": f"{min(gaps):g}", "seconds": seconds})
