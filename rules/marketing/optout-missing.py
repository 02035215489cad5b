"""Marketing without an opt-out."""

from collections.abc import Iterator

from smsvet import Document, Hit, find_optout


def check(document: Document) -> Iterator[Hit]:
    """Yield the end of a text without opt-out; the suggestion adds one."""
    text = document.texts.get("text") or document.body
    if text is None or find_optout(text.folded):
        return
    required = document.provider.limit("optout_required", document.as_of)
    wanted = str(required[0]) if isinstance(required, tuple) and required else "回T退订"
    corrected = f"{text.original.rstrip('。.!！ ')}。{wanted}"
    yield Hit(text.place(len(text.original), len(text.original)), {"wanted": wanted}, suggestion=corrected)
