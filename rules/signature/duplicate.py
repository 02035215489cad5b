"""Signatures that the account already has."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature equal to one of the account's; a possible hit if only case or width differs."""
    account, signature = document.submission.account, document.signature
    if account is None or signature is None:
        return
    span = signature.place(0, len(signature.original))
    if signature.original in account.signatures:
        yield Hit(span, {"existing": signature.original, "differs": "", "differs_en": ""})
        return
    for existing in account.signatures:
        if document.folder.fold(existing)[0] == signature.folded:
            words = {
                "existing": existing,
                "differs": "，只有大小写或全半角不同",
                "differs_en": ", which differs in case or width only",
            }
            yield Hit(span, words, possible=True)
            return
