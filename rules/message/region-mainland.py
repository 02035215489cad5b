"""International messages that have only mainland recipients."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said, recipients


def check(document: Document) -> Iterator[Hit]:
    """Yield the mainland numbers; `message/region-mixed` covers requests with both kinds."""
    numbers = [number for number in recipients(document) if number.e164]
    if numbers and all(number.is_mainland for number in numbers):
        yield Hit(None, {"numbers": Said.listed(number.written for number in numbers[:5])})
