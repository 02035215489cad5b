"""An approved company signature that no longer fits the account's name."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the signature when the account holds it and its name has no such part."""
    account, signature = document.submission.account, document.signature
    if account is None or signature is None or document.submission.source != "company":
        return
    if signature.original in account.signatures:
        yield from document.misfit("different")
