"""Catch-all attributes for variables whose kind is clear from the text."""

from collections.abc import Iterator

from smsvet import Document, Hit, inferred_attribute, is_suited, own_attributes

GENERIC = {"others", "text", "other"}


def check(document: Document) -> Iterator[Hit]:
    """Yield placeholders declared as a catch-all although the text shows their kind."""
    body, variables, provider = document.body, document.submission.variables or {}, document.provider.id
    if body is None:
        return
    for item in document.placeholders:
        declared = variables.get(item.name or "")
        if declared is None or not declared.type or declared.type.lower() not in GENERIC:
            continue
        inferred = inferred_attribute(
            body.original[: item.span.start][-12:], body.original[item.span.end :][:8]
        )
        if inferred and not is_suited(declared.type, inferred, provider):
            yield Hit(item.span, {"suggested": own_attributes(inferred, provider)[0]})
