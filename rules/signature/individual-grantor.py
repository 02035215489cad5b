"""Authorization letters whose grantor is a natural person."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

SHORT = re.compile(r"[\u4e00-\u9fff·]{2,3}")


def check(document: Document) -> Iterator[Hit]:
    """Yield a personal name; a possible hit for a name of that length without an organisation word."""
    for proof in document.submission.documents or ():
        if proof.kind == "authorization" and proof.grantor:
            grantor = proof.grantor.strip()
            found = document.names.neutral(grantor.lower())
            person = found is not None and found[0] == "person"
            if person or (SHORT.fullmatch(grantor) and not document.names.company(grantor).form):
                yield Hit(None, {"grantor": grantor}, possible=not person)
