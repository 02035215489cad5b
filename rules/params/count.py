"""A number of values that differs from the number of placeholders."""

from collections.abc import Iterator, Mapping

from smsvet import Document, Hit, Placeholder, value_span


def check(document: Document) -> Iterator[Hit]:
    """Yield the first placeholder without a value, or the first value without a placeholder."""
    keys = list(document.values)
    if document.provider.keying == "named" or not isinstance(
        document.submission.params, list | tuple | Mapping
    ):
        return
    if any(not key.isdecimal() for key in keys):
        return
    wanted = distinct(document.placeholders)
    words = {"expected": len(wanted), "given": len(keys) + document.values_left}
    if len(keys) < len(wanted) and not document.values_left:
        number = len(keys) + 1
        hole = wanted[len(keys)]
        detail = {
            "detail": f"第 {number} 个变量“{hole.text}”没有值",
            "detail_en": f"“{hole.text}” has no value",
        }
        yield Hit(hole.span, {**words, **detail})
    elif len(keys) > len(wanted):
        key = keys[len(wanted)]
        detail = {
            "detail": f"第 {len(wanted) + 1} 个值没有对应的变量",
            "detail_en": f"value {key} has no variable",
        }
        yield Hit(value_span(document, key), {**words, **detail})


def distinct(placeholders: tuple[Placeholder, ...]) -> list[Placeholder]:
    """Return the placeholders that each need a value; a repeated number needs only one."""
    numbered = all((placeholder.name or "").isdecimal() for placeholder in placeholders)
    seen: dict[object, Placeholder] = {}
    for place, placeholder in enumerate(placeholders):
        seen.setdefault(placeholder.name if numbered else place, placeholder)
    return sorted(seen.values(), key=lambda one: int(one.name or 0)) if numbered else list(seen.values())
