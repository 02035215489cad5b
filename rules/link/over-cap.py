"""More links and telephone numbers than the carriers accept in one template."""

from collections.abc import Iterator

from smsvet import Document, Hit

LINKS, NUMBERS = 1, 2


def check(document: Document) -> Iterator[Hit]:
    """Yield the first link or number above the limits."""
    body = document.body
    if body is None:
        return
    numbers = [
        contact for contact in body.contacts if contact.kind in ("mobile", "landline", "400", "service")
    ]
    words = {"links": len(body.links), "numbers": len(numbers)}
    if len(body.links) > LINKS:
        yield Hit(body.links[LINKS].span, words)
    elif len(numbers) > NUMBERS:
        yield Hit(numbers[NUMBERS].span, words)
