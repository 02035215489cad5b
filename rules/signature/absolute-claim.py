"""Absolute claims in a signature, unless they are part of the registered name."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

CLAIM = re.compile(
    r"第一(?!人民|中|医|小|幼|附属|监|职业|师范|实验|高|次|步|时间|季度)|最[优佳好强大高低美便]|顶级|顶尖|国家级|世界级|极品|至尊|首选|唯一"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield each claim in the signature, from the lexicon or from patterns typical of names."""
    signature, account = document.signature, document.submission.account
    if signature is None:
        return
    registered = document.names.company(account.name).name if account and account.name else ""
    spans = {
        term.span
        for term in signature.terms
        if term.category == "absolute_claims" and term.strength == "strong"
    }
    spans |= {signature.span(*found.span()) for found in CLAIM.finditer(signature.folded)}
    end = -1
    for span in sorted(spans):
        if span.start >= end and signature.quote(span).lower() not in registered:
            end = span.end
            yield Hit(span)
