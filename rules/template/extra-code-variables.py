"""Variables of a verification template besides the code and its validity."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit, Placeholder, Text

REMARK = 10
"""Minimum code points of a remark that justifies a third variable, as in the vendor FAQ of 2018."""
MINUTES = re.compile(r"\s*(?:分钟|分|小时|min|秒)")
BRANDS = {"app", "company", "brand"}
"""Names of variables that hold the sender's name in Yunpian's default templates. Source: YP."""
SIGNED = re.compile(r"\s*【[^】]*】")
BLANKS = re.compile(r"[ \t\r\n]+")
VALUE = re.compile(r"[^{}$#]{1,40}")
"""The value of a variable in a remark: not another placeholder. Source: OWN."""


def check(document: Document) -> Iterator[Hit]:
    """Yield the first variable that is neither the code nor its validity.

    The hit is a possible one if the remark shows the template filled in, at Tencent, or if the variable is the
    sender's name, at Yunpian. Sources: SEED, YP.
    """
    body, remark = document.body, document.submission.remark or ""
    profile = document.provider.profile(document.as_of)
    if body is None or (profile == "18" and len(remark.strip()) >= REMARK):
        return
    stated = document.provider.limit("otp_placeholders", document.as_of)
    most = stated if isinstance(stated, int) else 2
    placeholders = unsigned(document, body)
    extra = extra_of(placeholders, body, most)
    if extra is None:
        return
    if document.provider.id == "yunpian":
        nameless = [placeholder for placeholder in placeholders if placeholder.name not in BRANDS]
        found = extra_of(nameless, body, most)
        yield Hit((found or extra).span, possible=found is None)
    else:
        explained = document.provider.id == "tencent" and is_filled_in(body, document.texts.get("remark"))
        yield Hit(extra.span, possible=explained)


def extra_of(placeholders: list[Placeholder], body: Text, most: int) -> Placeholder | None:
    """Return the first placeholder beyond the code and its validity, `most` in all; None if there is none."""
    codes = [item for item in placeholders if not MINUTES.match(body.original, item.span.end)]
    if len(placeholders) > most:
        return (codes[1:] or placeholders[most:])[0]
    return codes[1] if len(codes) > 1 else None


def unsigned(document: Document, body: Text) -> list[Placeholder]:
    """Return the placeholders outside a leading signature such as Yunpian's 【#company#】, and not repeated from it."""
    signed = SIGNED.match(body.original) if document.provider.body_carries_signature else None
    end = signed.end() if signed else 0
    own = {placeholder.name for placeholder in document.placeholders if placeholder.span.start < end}
    return [
        placeholder
        for placeholder in document.placeholders
        if placeholder.span.start >= end and placeholder.name not in own
    ]


def is_filled_in(body: Text, remark: Text | None) -> bool:
    """Return whether a remark contains the template with a value for every placeholder."""
    if remark is None:
        return False
    written = BLANKS.sub("", remark.folded)
    pieces = re.split(f"{HOLE}+", BLANKS.sub("", body.folded).rstrip(".。!"))
    at = written.find(pieces[0])
    if at < 0:
        return False
    at += len(pieces[0])
    for piece in pieces[1:]:
        found = written.find(piece, at + 1) if piece else len(written)
        if found <= at or not VALUE.fullmatch(written, at, found):
            return False
        at = found + len(piece)
    return True
