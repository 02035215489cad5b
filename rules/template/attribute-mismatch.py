"""Declared attributes that the text around the placeholder contradicts."""

from collections.abc import Iterator

from smsvet import Document, Hit, attribute_named, inferred_attribute

GENERIC = {"others", "text"}


def check(document: Document) -> Iterator[Hit]:
    """Yield placeholders whose attribute contradicts the text; `template/generic-attribute` covers catch-alls."""
    body, variables = document.body, document.submission.variables or {}
    if body is None:
        return
    for item in document.placeholders:
        declared = variables.get(item.name or "")
        if declared is None or not declared.type:
            continue
        suggested = inferred_attribute(
            body.original[: item.span.start][-12:], body.original[item.span.end :][:8]
        )
        known = attribute_named(declared.type, document.provider.id)
        wanted = attribute_named(suggested, document.provider.id) if suggested else None
        if known and wanted and known.names != wanted.names and not GENERIC & {*known.names}:
            yield Hit(item.span, {"declared": declared.type, "suggested": suggested})
