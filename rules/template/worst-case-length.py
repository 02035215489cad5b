"""The length of a message whose variables are all at their longest."""

from collections.abc import Iterator

from smsvet import Document, Hit

LONGEST_SIGNATURE = 14
"""A signature of twelve characters and its brackets."""


def check(document: Document) -> Iterator[Hit]:
    """Yield the body when declared greatest lengths make it longer than the provider sends."""
    body, variables = document.body, document.submission.variables or {}
    most = document.provider.limit("body_length", document.as_of)
    if body is None or not isinstance(most, int):
        return
    declared = [variables.get(item.name or "") for item in document.placeholders]
    if not all(one and one.max for one in declared):
        return
    holes = sum(item.span.end - item.span.start for item in document.placeholders)
    signature = len(document.submission.signature) + 2 if document.submission.signature else LONGEST_SIGNATURE
    length = body.length - holes + sum(one.max or 0 for one in declared if one) + signature
    if length > most:
        yield Hit(body.place(0, len(body.original)), {"length": length, "most": most})
