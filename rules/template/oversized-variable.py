"""Variables declared much longer than values of their kind."""

from collections.abc import Iterator

from smsvet import Document, Hit, attribute_named

SLACK = 2
"""Maximum ratio of the declared length to the attribute's maximum length; our own choice."""


def check(document: Document) -> Iterator[Hit]:
    """Yield placeholders whose declared length is more than twice the maximum of their attribute."""
    variables = document.submission.variables or {}
    for item in document.placeholders:
        declared = variables.get(item.name or "")
        known = attribute_named(declared.type, document.provider.id) if declared and declared.type else None
        if declared and declared.max and known and declared.max > SLACK * known.most:
            yield Hit(item.span, {"declared": declared.max, "kind": declared.type, "most": known.most})
