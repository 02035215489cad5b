"""Mainland and foreign recipients in one request."""

from collections.abc import Iterator

from smsvet import Document, Hit, recipients


def check(document: Document) -> Iterator[Hit]:
    """Yield the first mainland and the first foreign number if a request has both."""
    numbers = [number for number in recipients(document) if number.e164]
    home = next((number.written for number in numbers if number.is_mainland), None)
    abroad = next((number.written for number in numbers if not number.is_mainland), None)
    if home and abroad:
        yield Hit(None, {"home": home, "abroad": abroad})
