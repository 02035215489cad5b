"""Requests with more recipients than the provider accepts."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit for a request with too many recipients. Source: T-SDK, U-ERR."""
    most = document.provider.limit("batch_recipients", document.as_of)
    count = len(document.submission.recipients or ())
    if isinstance(most, int) and count > most:
        yield Hit(None, {"count": count, "most": most, "batches": -(-count // most)})
