"""Values whose name is not in the template."""

from collections.abc import Iterator, Mapping

from smsvet import Document, Hit, value_span


def check(document: Document) -> Iterator[Hit]:
    """Yield each named value without a placeholder of that name."""
    named = document.provider.keying == "named" or document.provider.also_named
    if not named or not isinstance(document.submission.params, Mapping):
        return
    names = {placeholder.name for placeholder in document.placeholders}
    for key in document.values:
        if key not in names:
            span = value_span(document, key)
            yield Hit(span, {"key": span.field.removeprefix("params.")})
