"""Approved company signatures that no longer match the account's name."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature that the account has, if the account's name does not contain it."""
    account, signature = document.submission.account, document.signature
    if account is None or signature is None or document.submission.source != "company":
        return
    if signature.original in account.signatures:
        yield from document.misfit("different")
