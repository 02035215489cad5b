"""Authorization letters declared to lack a seal or a signature."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each letter declared to be without seal or signature."""
    for proof in document.submission.documents or ():
        if proof.kind != "authorization":
            continue
        lacks = [
            pair
            for known, pair in (
                (proof.sealed, ("未盖公章", "has no seal")),
                (proof.signed, ("未签字", "is not signed")),
            )
            if known is False
        ]
        if lacks:
            yield Hit(
                None,
                {"lacks": "、".join(zh for zh, _ in lacks), "lacks_en": " and ".join(en for _, en in lacks)},
            )
