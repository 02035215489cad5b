"""An individual's website whose filing is not shown."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield once when documents were supplied and none is the filing service's back office."""
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
