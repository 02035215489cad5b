"""Characters that a signature may not contain."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

FORBIDDEN = re.compile(r"[^\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffffA-Za-z0-9【】\[\]()（）]+")


def check(document: Document) -> Iterator[Hit]:
    """Yield each run of characters other than Chinese, letters, digits and those that the provider also takes.

    Brackets are left to another rule. Source: T-SIG, A-CREATESIGN, H-SIG, U-SIG.
    """
    signature = document.signature
    if signature is None:
        return
    also = frozenset(str(document.provider.limit("signature_characters", document.as_of, "")))
    for found in FORBIDDEN.finditer(signature.original):
        if not also.issuperset(found[0]):
            yield Hit(signature.place(*found.span()))
