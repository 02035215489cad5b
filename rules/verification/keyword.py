"""Verification templates without a keyword that the provider requires."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said


def check(document: Document) -> Iterator[Hit]:
    """Yield a body without any of the provider's keywords."""
    body = document.body
    words = document.provider.limit("otp_keywords", document.as_of)
    if body is None or not isinstance(words, tuple):
        return
    keywords = [str(word) for word in words]
    if keywords and not any(word.lower() in body.folded for word in keywords):
        yield Hit(
            body.place(0, len(body.original)), {"keywords": Said.listed(keywords), "first": keywords[0]}
        )
