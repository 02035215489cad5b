"""Mainland messages that have only foreign recipients."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said, recipients


def check(document: Document) -> Iterator[Hit]:
    """Yield the foreign numbers; `message/region-mixed` covers requests with both kinds."""
    numbers = [number for number in recipients(document) if number.e164]
    foreign = [number for number in numbers if not number.is_mainland]
    if foreign and len(foreign) == len(numbers):
        yield Hit(None, {"numbers": Said.listed(number.written for number in foreign[:5])})
