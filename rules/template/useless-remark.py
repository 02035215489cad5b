"""Remarks that repeat the template, say 测试, or are a single word."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the remark when it tells a reviewer nothing."""
    remark, body = document.texts.get("remark"), document.body
    if remark is None or body is None:
        return
    said = remark.folded.strip()
    if said == document.plain(body).strip() or document.names.neutral(said) or len(said) < 4:
        yield Hit(remark.place(0, len(remark.original)))
