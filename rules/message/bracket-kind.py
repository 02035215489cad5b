"""Mainland signatures in brackets other than 【】."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

NAME = r"[^\[\]［］()（）「」『』〖〗〔〕\s]{2,18}"
OTHER = re.compile(
    rf"\s*(\[({NAME})\]|［({NAME})］|[(（]({NAME})[)）]|「({NAME})」|『({NAME})』|〖({NAME})〗|〔({NAME})〕)"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield the name in other brackets at the start of a text without signature."""
    text, given = document.texts.get("text"), document.submission.signature
    if text is None or (given or "").strip() or "【" in text.original:
        return
    found = OTHER.match(text.original)
    if found:
        wanted = f"【{next(name for name in found.groups()[1:] if name)}】"
        suggestion = wanted + text.original[found.end() :].lstrip()
        yield Hit(text.place(*found.span(1)), {"wanted": wanted}, suggestion=suggestion)
