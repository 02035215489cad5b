"""Remarks that repeat the template, are 测试, or are a single word."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield a remark without information for a reviewer."""
    remark, body = document.texts.get("remark"), document.body
    if remark is None or body is None:
        return
    content = remark.folded.strip()
    if content == document.plain(body).strip() or document.names.neutral(content) or len(content) < 4:
        yield Hit(remark.place(0, len(remark.original)))
