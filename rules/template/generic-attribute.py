"""Catch-all attributes for variables whose kind is clear from the text."""

from collections.abc import Iterator

from smsvet import Document, Hit, inferred_attribute

GENERIC = {"others", "text", "other"}


def check(document: Document) -> Iterator[Hit]:
    """Yield placeholders declared as a catch-all although the text shows their kind."""
    body, variables = document.body, document.submission.variables or {}
    if body is None:
        return
    for item in document.placeholders:
        declared = variables.get(item.name or "")
        if declared is None or (declared.type or "").lower() not in GENERIC:
            continue
        suggested = inferred_attribute(
            body.original[: item.span.start][-12:], body.original[item.span.end :][:8]
        )
        if suggested and suggested not in GENERIC:
            yield Hit(item.span, {"suggested": suggested})
