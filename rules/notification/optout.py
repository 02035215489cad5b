"""Opt-outs in notifications."""

from collections.abc import Iterator

from smsvet import OPTOUT_WORDINGS, Document, Hit, find_optout

ANCHORS = OPTOUT_WORDINGS


def check(document: Document) -> Iterator[Hit]:
    """Yield the opt-out of the body or text."""
    for name in ("body", "text"):
        text = document.texts.get(name)
        found = find_optout(text.folded) if text else None
        if text and found:
            yield Hit(text.span(found.start, found.end))
