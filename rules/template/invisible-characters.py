"""Invisible characters: zero-width, bidirectional, non-breaking."""

from collections.abc import Iterator

from smsvet import Document, Hit

EMOJI_STYLE = "\ufe0f"
"""The variation selector of an emoji, which the mainland's channels do not carry."""


def check(document: Document) -> Iterator[Hit]:
    """Yield each run of invisible characters in signature, body and text, listed by code point."""
    for name, text in document.texts.items():
        if name == "remark" or name.startswith("params.") or (name == "signature" and text.field == "text"):
            continue
        runs = document.invisible(text)
        clean = document.visible(text) if runs else ""
        for start, end, title in runs:
            if document.region == "international" and text.original[start:end] == EMOJI_STYLE:
                continue
            yield Hit(text.place(start, end), {"position": start + 1, "name": title}, suggestion=clean)
