"""An abbreviation that skips characters of the registered name."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the signature when it skips characters of the account's name."""
    yield from document.misfit("skipped")
