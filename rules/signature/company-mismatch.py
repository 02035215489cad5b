"""Signatures that the registered company name does not contain."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said


def check(document: Document) -> Iterator[Hit]:
    """Yield a company's signature that is not part of its name, or that drops the distinctive part."""
    submission, signature = document.submission, document.signature
    if signature is None or submission.source not in (None, "company") or submission.usage == "other":
        return
    span = signature.place(0, len(signature.original))
    account = submission.account
    if account is None or not account.name:
        yield Hit(span, missing="account.name")
        return
    if signature.folded in map(str.lower, account.trademarks) or document.names.neutral(signature.folded):
        return
    if document.names.fit(signature.folded, account.name) in ("different", "generic"):
        options = document.abbreviations()
        yield Hit(
            span,
            {"company": account.name, "options": Said.listed(options)},
            suggestion=document.with_signature(options[0]) if options else None,
            possible=submission.source is None,
        )
