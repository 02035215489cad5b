"""Symbols, emoji and traditional characters in values."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit

EMOJI = re.compile(r"[\U0001f000-\U0001faff\u2600-\u2604\u2607-\u26ff\ufe0f]+")
SYMBOL = re.compile(
    r"[￥¥※○●◎◇◆□■△▲▽▼•㎡\u00b2\u00b3\u00b9\u2070-\u209c『』「」〖〗〔〕^\u2605\u2606\u2190-\u21ff\u2460-\u24ff\u2500-\u25ff\u2660-\u266f"
    r"\u2700-\u27bf\u3200-\u33ff\ue000-\uf8ff]+"
)


def check(document: Document) -> Iterator[Hit]:
    """Yield the first of each kind in a value; the suggestion is without all of them. Source: A-ERR, U-RECEIPT."""
    strict = document.provider.profile(document.as_of) in ("25", "26")
    for text in document.params:
        key, value = text.field.partition(".")[2], text.original
        places = document.traditional(text) if strict else []
        plain = SYMBOL.sub("", EMOJI.sub("", document.simplified(text) if places else value))
        for pattern, what, what_en in ((EMOJI, "表情", "the emoji"), (SYMBOL, "特殊符号", "the symbol")):
            found = pattern.search(value)
            if found:
                words = {"key": key, "what": what, "what_en": what_en, "plain": plain}
                yield Hit(text.place(*found.span()), words, suggestion=plain)
        if places:
            words = {"key": key, "what": "繁体字", "what_en": "traditional characters", "plain": plain}
            shown = "".join(value[place] for place in places)
            yield Hit(text.place(places[0], places[-1] + 1), {**words, "match": shown}, suggestion=plain)
