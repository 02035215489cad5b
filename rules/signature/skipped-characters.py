"""Abbreviations that skip characters of the registered name."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature that skips characters of the account's name."""
    strict = document.provider.profile(document.as_of) == "26"
    for hit in document.misfit("skipped"):
        if strict or (document.signature and document.signature.original.endswith("公司")):
            yield hit
