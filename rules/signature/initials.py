"""Signatures of capitals that look like the pinyin initials of a company name."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, Said

INITIALS = re.compile(r"[BCDFGHJKLMNPQRSTWXYZ]{2,6}")
"""Capitals that begin pinyin syllables. A, E and O are left out: they begin few, and make readable words."""


def check(document: Document) -> Iterator[Hit]:
    """Yield a signature of two to six such capitals that is not a trademark of the account."""
    signature, account = document.signature, document.submission.account
    if signature is None or not INITIALS.fullmatch(signature.original):
        return
    if account and signature.folded in map(str.lower, account.trademarks):
        return
    options = Said.listed(document.abbreviations()[:3])
    yield Hit(
        signature.place(0, len(signature.original)),
        {
            "options": f"：{options.zh}" if options.zh else "",
            "options_en": f": {options.en}" if options.en else "",
        },
    )
