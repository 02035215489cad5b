"""Messages longer than the provider allows, counted as the provider counts signature and values."""

from collections.abc import Iterator

from smsvet import Document, Hit, rendered_message, without_signature


def check(document: Document) -> Iterator[Hit]:
    """Yield a message that is too long. Lengths are in code points. Source: T-TPL20, T-SDK."""
    most = document.provider.limit("body_length", document.as_of)
    content = rendered_message(document)
    if not isinstance(most, int) or content is None:
        return
    entry = document.provider.entry("body_length", document.as_of)
    bare = entry is not None and entry.counts == "body"
    if bare:
        content = without_signature(content)
    # Another rule covers a body that is too long by itself.
    if len(content) <= most or (document.body and len(document.body.original) > most):
        return
    text = document.texts.get("text")
    counted = ("", "") if bare else ("（含签名）", ", signature included")
    words = {"length": len(content), "most": most, "counted": counted[0], "counted_en": counted[1]}
    yield Hit(text.place(0, len(text.original)) if text else None, words)
