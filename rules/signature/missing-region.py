"""Abbreviations of the registered name that leave out its leading place name."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature that keeps the trade name and drops the place."""
    account, signature = document.submission.account, document.signature
    if account is None or not account.name or signature is None:
        return
    region = document.names.company(account.name).region
    place = region.rstrip("省市区县") if len(region) > 2 else region
    if not place or place in signature.folded:
        return
    options = [option for option in document.abbreviations() if place in option]
    words = {"company": account.name, "region": region, "options": Said.listed(options)}
    for hit in document.misfit("part"):
        suggestion = document.with_signature(options[0]) if options else None
        yield hit._replace(words=words, suggestion=suggestion)
