"""Values that are numbers, null, lists or objects."""

from collections.abc import Iterator, Mapping

from smsvet import Document, Hit, json_text, value_span


def check(document: Document) -> Iterator[Hit]:
    """Yield each value that is not a string; the suggestion is the probable string."""
    for key, value in document.values.items():
        if isinstance(value, str):
            continue
        kind, kind_en = kind_of(value)
        plain = isinstance(value, int | float)
        wanted = json_text(json_text(value)) if plain else None
        yield Hit(
            value_span(document, key),
            {
                "key": key,
                "match": json_text(value),
                "kind": kind,
                "kind_en": kind_en,
                "wanted": f"字符串 {wanted}" if wanted else '一个字符串，例如 "23"',
                "wanted_en": f"the string {wanted}" if wanted else 'one string, for example "23"',
            },
            suggestion=wanted,
        )


def kind_of(value: object) -> tuple[str, str]:
    """Return the JSON type of a value in Chinese and English."""
    if value is None:
        return "空值", "null"
    if isinstance(value, bool):
        return "布尔值", "a truth value"
    if isinstance(value, int | float):
        return "数字", "a number"
    return ("对象", "an object") if isinstance(value, Mapping) else ("列表", "a list")
