"""Authorization letters, whose form cannot be checked from a submission."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit if a letter was supplied."""
    if any(proof.kind == "authorization" for proof in document.submission.documents or ()):
        yield Hit(None)
