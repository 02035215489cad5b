"""Templates whose message is too long if every variable has its maximum length."""

from collections.abc import Iterator

from smsvet import Document, Hit

LONGEST_SIGNATURE = 14
"""Code points of a signature of twelve characters with its brackets."""


def check(document: Document) -> Iterator[Hit]:
    """Yield a body that exceeds the provider's limit at the declared maximum lengths."""
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
