"""Verification templates without the word that the provider asks for."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the body when none of the provider's keywords is in it."""
    body = document.body
    words = document.provider.limit("otp_keywords", document.as_of)
    if body is None or not words:
        return
    if not any(word.lower() in body.folded for word in words):
        yield Hit(body.place(0, len(body.original)), {"keywords": "、".join(words), "first": words[0]})
