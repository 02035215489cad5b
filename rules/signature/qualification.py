"""Applications without the licence on which the real-name qualification rests."""

from collections.abc import Iterator

from smsvet import LICENCES, Document, Hit, document_names


def check(document: Document) -> Iterator[Hit]:
    """Yield once when no document, or none that is a licence, was supplied."""
    submission = document.submission
    if not submission.documents:
        # An application for another is asked for its documents by the rule on authorizations.
        if submission.usage == "own":
            yield Hit(None, missing="documents")
    elif not any(proof.kind in LICENCES for proof in submission.documents):
        zh, en = document_names(proof.kind for proof in submission.documents)
        yield Hit(None, {"given": zh, "given_en": en})
