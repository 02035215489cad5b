"""Telephone variables beyond the one that Alibaba Cloud accepts."""

from collections.abc import Iterator

from smsvet import Document, Hit, Placeholder, attribute_named, inferred_attribute

PHONE = attribute_named("phone", "aliyun")
NUMBERS = frozenset({"mobile", "landline", "400", "service"})


def check(document: Document) -> Iterator[Hit]:
    """Yield each further telephone variable, or one beside a number in the fixed text. Source: A-DIVERSION.

    The hit is possible if the attribute is only inferred from the text around the variable.
    """
    body = document.body
    if body is None:
        return
    found = [
        (item, certain) for item in document.placeholders if (certain := is_phone(document, item)) is not None
    ]
    for item, certain in found[1:]:
        detail = f"“{item.text}”是第 2 个或更多的电话号码变量，最多 1 个"
        detail_en = f"“{item.text}” is a further telephone variable; at most one is allowed"
        possible = not (certain and found[0][1])
        yield Hit(item.span, {"detail": detail, "detail_en": detail_en}, possible=possible)
    fixed = next((contact for contact in body.contacts if contact.kind in NUMBERS), None)
    if len(found) == 1 and fixed is not None:
        item, certain = found[0]
        detail = f"电话号码变量“{item.text}”与固定文字中的“{document.quote(fixed.span)}”并存"
        detail_en = f"The telephone variable “{item.text}” stands beside “{document.quote(fixed.span)}” in the fixed text"
        yield Hit(item.span, {"detail": detail, "detail_en": detail_en}, possible=not certain)


def is_phone(document: Document, item: Placeholder) -> bool | None:
    """Return whether a variable is declared as a telephone number; False if that is inferred, None if it is not one."""
    declared = (document.submission.variables or {}).get(item.name or "")
    if declared is not None and declared.type:
        return True if attribute_named(declared.type, document.provider.id) is PHONE else None
    body = document.body.original if document.body else ""
    start, end = item.span.start, item.span.end
    inferred = inferred_attribute(body[max(start - 12, 0) : start], body[end : end + 8])
    return False if inferred == "phone" else None
