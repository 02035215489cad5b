"""More values than are read."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield once if values are left that were not read."""
    if document.values_left:
        read = len(document.values)
        yield Hit(None, {"given": read + document.values_left, "most": read})
