"""Invisible characters: zero-width, bidirectional, non-breaking."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each run of invisible characters in signature, body and text, listed by code point."""
    for name, text in document.texts.items():
        if name == "remark" or name.startswith("params.") or (name == "signature" and text.field == "text"):
            continue
        runs = document.invisible(text)
        clean = document.visible(text) if runs else ""
        for start, end, title in runs:
            yield Hit(text.place(start, end), {"position": start + 1, "name": title}, suggestion=clean)
