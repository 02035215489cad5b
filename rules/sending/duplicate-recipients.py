"""Duplicate recipients in one request, also in different notations."""

from collections import Counter
from collections.abc import Iterator

from smsvet import Document, Hit, Said, recipients


def check(document: Document) -> Iterator[Hit]:
    """Yield the duplicate numbers of a request. Source: T-FAQ-OTHER."""
    counts = Counter(number.e164 or number.written for number in recipients(document))
    repeated = [number for number, count in counts.items() if count > 1]
    if repeated:
        yield Hit(None, {"numbers": Said.listed(repeated[:5])})
