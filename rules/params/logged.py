"""Logged values of earlier messages of this template, checked against the rules for values."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Text, attribute_named, china_time, find_contacts, values_in

LINK = re.compile(
    r"https?://|(?<![a-z0-9])www\.|[a-z0-9-]\.(?:com|cn|net|org|top|xyz|vip|shop|cc|ly|me|io|link|info)(?![a-z0-9])"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield each placeholder with a logged value that contains a link or contact, or does not fit its attribute."""
    for sent in document.submission.history or ():
        if sent.text is None:
            continue
        folded, origins = document.folder.fold(sent.text)
        day = china_time(sent.at).date().isoformat()
        for placeholder, value, _ in values_in(document, Text("history", sent.text, folded, origins)):
            problem = problem_of(document, placeholder.name or "", placeholder.kind, value)
            if problem:
                words = {"day": day, "value": value, "problem": problem[0], "problem_en": problem[1]}
                yield Hit(placeholder.span, words)


def problem_of(document: Document, name: str, kind: str | None, value: str) -> tuple[str, str] | None:
    """Return the error of a value in Chinese and English, or None."""
    folded, origins = document.folder.fold(value)
    if LINK.search(folded):
        return "含链接", "which is a link"
    declared = (document.submission.variables or {}).get(name)
    attribute = attribute_named((declared.type if declared else None) or kind or "", document.provider.id)
    if attribute and not attribute.fits(value):
        return f"不符合属性“{attribute.zh}”", f"which does not match the attribute “{attribute.en}”"
    if any(
        contact.kind in ("qq", "group", "wechat")
        for contact in find_contacts(Text("history", value, folded, origins))
    ):
        return "含联系方式", "which is a contact"
    return None
