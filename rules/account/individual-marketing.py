"""Marketing sent from an individual's account."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit for an individual's account; a possible one if the purpose was inferred from the text."""
    submission = document.submission
    kind = submission.account.type if submission.account else None
    if kind is None and document.kind == "template":
        yield Hit(None, missing="account.type")
    elif kind == "individual":
        yield Hit(None, possible=submission.purpose is None)
