"""Applications without the licence required for the real-name qualification."""

from collections.abc import Iterator

from smsvet import LICENCES, Document, Hit, document_names


def check(document: Document) -> Iterator[Hit]:
    """Yield one hit if no licence is among the documents."""
    submission = document.submission
    if not submission.documents:
        # For applications on behalf of another, `signature/third-party-authorization` requires the documents.
        if submission.usage == "own":
            yield Hit(None, missing="documents")
    elif not any(proof.kind in LICENCES for proof in submission.documents):
        zh, en = document_names(proof.kind for proof in submission.documents)
        yield Hit(None, {"given": zh, "given_en": en})
