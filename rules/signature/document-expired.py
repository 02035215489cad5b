"""Documents that have expired, or whose dates or seal are implausible."""

from collections.abc import Iterator

from smsvet import Document, Hit, document_names


def check(document: Document) -> Iterator[Hit]:
    """Yield each expired document, and as possible hits those dated in the future or declared to lack a seal.

    Other rules cover authorization letters.
    """
    today = document.as_of
    for proof in document.submission.documents or ():
        if proof.kind == "authorization":
            continue
        kind, kind_en = document_names([proof.kind])
        words = {"kind": kind, "kind_en": kind_en}
        if proof.expires is not None and proof.expires < today:
            day = proof.expires.isoformat()
            yield Hit(None, {**words, "problem": f"已于 {day} 过期", "problem_en": f"expired on {day}"})
        if proof.issued is not None and proof.issued > min(today, proof.expires or today):
            day = proof.issued.isoformat()
            problem = {
                "problem": f"的签发日期 {day} 不合理",
                "problem_en": f"has the implausible date {day}",
            }
            yield Hit(None, {**words, **problem}, possible=True)
        if proof.sealed is False:
            yield Hit(
                None, {**words, "problem": "没有红色公章", "problem_en": "has no red seal"}, possible=True
            )
