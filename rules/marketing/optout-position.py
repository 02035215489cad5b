"""Opt-outs that are not at the end of the text."""

from collections.abc import Iterator

from smsvet import Document, Hit, find_optout


def check(document: Document) -> Iterator[Hit]:
    """Yield an opt-out with text after it; the suggestion moves it to the end."""
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
