"""An authorization letter, whose form nothing in a submission shows."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield once when a letter was supplied."""
    if any(proof.kind == "authorization" for proof in document.submission.documents or ()):
        yield Hit(None)
