"""Signatures of an individual's website without a screenshot of its filing."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit if documents were supplied and none shows the back office of the filing service."""
    submission, account = document.submission, document.submission.account
    if (
        submission.source != "website"
        or account is None
        or account.type != "individual"
        or not submission.documents
    ):
        return
    if not any(proof.kind == "icp_backend" for proof in submission.documents):
        yield Hit(None)
