"""An abbreviation that is too short to name one company."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the signature when it is too short a part of the account's name."""
    yield from document.misfit("short")
