"""Disguised terms and contacts."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said, Term, Text, describe_reading, hit_on_terms

BANNED = frozenset(("gambling", "porn", "drugs", "invoice", "fake_papers", "phishing", "weapons", "politics"))
"""Categories whose words nobody has in a name by accident."""
SOUNDS = frozenset(("homophone", "near-homophone"))


def check(document: Document) -> Iterator[Hit]:
    """Yield every term and contact that was found only after undoing a disguise."""
    for name, text in document.texts.items():
        for term in text.terms:
            if term.meant and not is_own_name(name, text, term):
                hit = hit_on_terms((term,), term.possible or term.strength == "weak")
                yield Hit(
                    hit.span,
                    hit.words,
                    transforms=hit.transforms,
                    spans=hit.spans,
                    possible=hit.possible,
                )
        for contact in text.contacts:
            steps = contact.transforms
            # A value after the template's own "QQ:" is not a disguise; a number split in two is.
            if steps and (steps != ("joined",) or contact.kind == "mobile"):
                zh, en = (describe_reading(contact.text, contact.value, steps, lang) for lang in ("zh", "en"))
                yield Hit(contact.span, {"terms": Said(zh, en)}, transforms=steps, possible=len(steps) > 1)


def is_own_name(name: str, text: Text, term: Term) -> bool:
    """Return whether an everyday word is only the sound of a name: that of the sender, in a signature."""
    if term.category in BANNED or not SOUNDS.issuperset(term.transforms):
        return False
    signed = text.original.find("】") if name == "text" and text.original.startswith("【") else -1
    return name == "signature" or term.span.start < signed
