"""Named placeholders without a value."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each named placeholder without a value, with the parameter name that is probably a typing error."""
    named = document.provider.keying == "named" or document.provider.also_named
    if not named or not isinstance(document.submission.params, Mapping):
        return
    names = {placeholder.name for placeholder in document.placeholders}
    left = [key for key in document.values if key not in names]
    seen: set[str] = set()
    for placeholder in document.placeholders:
        name = placeholder.name
        if name is None or name in document.values or name in seen or placeholder.kind == "date":
            continue
        seen.add(name)
        near = [key for key in left if key.lower() == name.lower()] or get_close_matches(name, left, 1, 0.7)
        words = {
            "name": name,
            "near": f"，“{near[0]}”是否写错了" if near else "",
            "near_en": f"; did you mean “{near[0]}”?" if near else "",
        }
        yield Hit(placeholder.span, words)
