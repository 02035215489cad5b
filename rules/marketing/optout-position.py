"""Opt-outs with text after them."""

from collections.abc import Iterator

from smsvet import Document, Hit, find_optout


def check(document: Document) -> Iterator[Hit]:
    """Yield the opt-out that something follows, with the text put in order as suggestion."""
    text = document.texts.get("text") or document.body
    found = find_optout(text.folded) if text else None
    if text is None or found is None or found.at_end:
        return
    span = text.span(found.start, found.end)
    begin, end = span.start - text.offset, span.end - text.offset
    rest = (text.original[:begin].rstrip("，,。. ") + "，" + text.original[end:].lstrip("，,。. ")).rstrip(
        "，,。. "
    )
    yield Hit(span, suggestion=f"{rest}。{text.quote(span)}")
