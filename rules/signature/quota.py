"""An account that already holds as many signatures as it may."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield once when one more signature would be too many; one held already is not one more."""
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
