"""Authorization letters that have expired or will soon expire."""

from collections.abc import Iterator
from datetime import timedelta

from smsvet import Document, Hit

YEAR = timedelta(days=365)


def check(document: Document) -> Iterator[Hit]:
    """Yield each expired letter, and as a possible hit each with less than a year left."""
    for proof in document.submission.documents or ():
        if proof.kind != "authorization" or proof.expires is None or proof.expires - document.as_of >= YEAR:
            continue
        expired = proof.expires < document.as_of
        words = {
            "state": "已过期" if expired else "剩余有效期不足一年",
            "state_en": "has expired" if expired else "has less than a year left",
            "expires": proof.expires.isoformat(),
        }
        yield Hit(None, words, possible=not expired)
