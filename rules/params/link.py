"""Links in values, also in the values of a rendered text."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Link, fillings

VERSION = re.compile(
    r"(?:版本号?|固件|系统|升级[到至为]|更新[到至为]|version|\bv)[号是为]?[ :：(（]*\Z", re.IGNORECASE
)
"""Words before a variable whose value may be a version such as 2.1.0.3."""


def is_meant(link: Link, before: str, attribute: str | None, provider: str) -> bool:
    """Return whether four numbers are what the variable is for: a version, or an address that Huawei wants as MONEY.

    Source: H-SEARCH, OWN.
    """
    if link.kind != "ip" or "/" in link.text:
        return False
    as_money = provider.startswith("huawei") and (attribute or "").lower() == "money"
    return as_money or VERSION.search(before) is not None


def check(document: Document) -> Iterator[Hit]:
    """Yield each link that is part of a value."""
    given = {one.span.field: one for one in fillings(document)} if document.params else {}
    for text in document.params:
        for link in text.links:
            one = given.get(text.field)
            if one and is_meant(link, one.before, one.attribute, document.provider.id):
                continue
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
