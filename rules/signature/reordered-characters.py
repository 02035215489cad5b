"""Abbreviations that reorder characters of the registered name."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature that reorders characters of the account's name."""
    yield from document.misfit("reordered")
