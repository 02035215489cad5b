"""Accounts that already have the maximum number of signatures."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit if a new signature would exceed the quota; one that the account has is not new."""
    account, signature = document.submission.account, document.signature
    most = document.provider.limit("signature_quota", document.as_of)
    if (
        account is None
        or signature is None
        or not isinstance(most, int)
        or signature.original in account.signatures
    ):
        return
    if len(account.signatures) >= most:
        yield Hit(None, {"count": len(account.signatures), "most": most})
