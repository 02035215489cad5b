"""Declared attributes that the text around the placeholder contradicts."""

from collections.abc import Iterator

from smsvet import Document, Hit, attribute_named, inferred_attribute, is_suited, own_attributes

GENERIC = {"others", "text"}


def check(document: Document) -> Iterator[Hit]:
    """Yield placeholders whose attribute contradicts the text; `template/generic-attribute` covers catch-alls."""
    body, variables, provider = document.body, document.submission.variables or {}, document.provider.id
    if body is None:
        return
    for item in document.placeholders:
        declared = variables.get(item.name or "")
        if declared is None or not declared.type:
            continue
        known = attribute_named(declared.type, provider)
        if known is None or GENERIC & {*known.names}:
            continue
        start, end = item.span.start, item.span.end
        inferred = inferred_attribute(body.original[max(start - 12, 0) : start], body.original[end : end + 8])
        if inferred and not is_suited(declared.type, inferred, provider):
            suggested = own_attributes(inferred, provider)[0]
            yield Hit(item.span, {"declared": declared.type, "suggested": suggested})
