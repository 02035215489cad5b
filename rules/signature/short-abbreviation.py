"""Abbreviations that are too short to identify one company."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature that is too short a part of the account's name."""
    yield from document.misfit("short")
