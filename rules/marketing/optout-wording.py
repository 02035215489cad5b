"""Opt-outs with a wording that the provider does not accept."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit, Text, find_optout

MOST = 5
"""Opt-outs that are reworded at most."""
CONTINUED = re.compile(rf"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ{HOLE}]")
"""A character that would become a part of the wording before it."""


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
    yield Hit(span, {"wanted": wanted}, suggestion=corrected(document, text, [str(one) for one in required]))


def corrected(document: Document, text: Text, required: list[str]) -> str | None:
    """Return the text with its opt-outs reworded until the provider accepts one; None if it accepts none there."""
    original, read = text.original, text.original.replace(HOLE, " ")
    for placeholder in text.placeholders if HOLE in text.folded else ():
        start, end = placeholder.span.start, placeholder.span.end
        read = read[:start] + HOLE * (end - start) + read[end:]
    for _ in range(MOST):
        folded, origins = document.folder.fold(read)
        now = Text(text.field, original, folded, origins)
        found = find_optout(folded)
        if found is None:
            return None
        span = now.span(found.start, found.end)
        if found.wording == "current" or now.quote(span) in required:
            return original
        wanted = required[0] + ("，" if CONTINUED.match(read, span.end) else "")
        original, read = (one[: span.start] + wanted + one[span.end :] for one in (original, read))
    return None
