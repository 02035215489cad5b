"""Links in values, also in the values of a rendered text."""

from collections.abc import Iterator

from smsvet import Document, Hit, fillings


def check(document: Document) -> Iterator[Hit]:
    """Yield each link that is part of a value."""
    for text in document.params:
        for link in text.links:
            yield Hit(link.span, {"key": text.field.partition(".")[2]})
    rendered = document.texts.get("text")
    if document.params or rendered is None or not rendered.links:
        return
    found = fillings(document)
    for link in rendered.links:
        for one in found:
            if one.span.start < link.span.end and link.span.start < one.span.end:
                yield Hit(link.span, {"key": one.key})
                break
