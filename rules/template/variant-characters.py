"""Disguised terms and contacts."""

from collections.abc import Iterator
from dataclasses import replace

from smsvet import Document, Hit, Said, describe_reading, hit_on_terms


def check(document: Document) -> Iterator[Hit]:
    """Yield every term and contact that was found only after undoing a disguise."""
    for text in document.texts.values():
        for term in text.terms:
            if term.meant:
                hit = hit_on_terms((term,), term.possible or term.strength == "weak")
                yield replace(hit, category=None)
        for contact in text.contacts:
            steps = contact.transforms
            # A value after the template's own "QQ:" is not a disguise; a number split in two is.
            if steps and (steps != ("joined",) or contact.kind == "mobile"):
                zh, en = (describe_reading(contact.text, contact.value, steps, lang) for lang in ("zh", "en"))
                yield Hit(contact.span, {"terms": Said(zh, en)}, transforms=steps, possible=len(steps) > 1)
