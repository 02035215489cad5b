"""Opt-outs with a wording that the provider does not accept."""

from collections.abc import Iterator

from smsvet import Document, Hit, find_optout


def check(document: Document) -> Iterator[Hit]:
    """Yield an opt-out whose wording differs from the one that the provider requires on the day of review."""
    text = document.texts.get("text") or document.body
    required = document.provider.limit("optout_required", document.as_of)
    found = find_optout(text.folded) if text else None
    if text is None or found is None or not isinstance(required, tuple) or found.wording == "current":
        return
    span = text.span(found.start, found.end)
    if not required or text.quote(span) in required:
        return
    wanted = str(required[0])
    begin, end = span.start - text.offset, span.end - text.offset
    corrected = text.original[:begin] + wanted + text.original[end:]
    yield Hit(span, {"wanted": wanted}, suggestion=corrected)
