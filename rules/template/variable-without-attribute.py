"""Placeholders without a declared attribute."""

from collections.abc import Iterator

from smsvet import Document, Hit, inferred_attribute, own_attributes


def check(document: Document) -> Iterator[Hit]:
    """Yield each placeholder missing from `variables`; only as advice if `variables` was not supplied.

    A label such as Huawei's ${PHONE} declares the attribute itself.
    """
    body, variables = document.body, document.submission.variables
    if body is None:
        return
    for item in document.placeholders:
        if item.kind:
            continue
        if variables is None:
            yield Hit(item.span, missing="variables")
            return
        declared = variables.get(item.name or "")
        if item.name and (declared is None or not declared.type):
            inferred = inferred_attribute(
                body.original[: item.span.start][-12:], body.original[item.span.end :][:8]
            )
            yield Hit(item.span, {"suggested": own_attributes(inferred or "others", document.provider.id)[0]})
