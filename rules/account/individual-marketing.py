"""Marketing from an account of an individual."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield once for an individual's account; as possible where the type was inferred from the text."""
    submission = document.submission
    kind = submission.account.type if submission.account else None
    if kind is None and document.kind == "template":
        yield Hit(None, missing="account.type")
    elif kind == "individual":
        yield Hit(None, possible=submission.purpose is None)
