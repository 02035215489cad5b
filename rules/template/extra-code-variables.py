"""Variables of a verification template besides the code and its validity."""

import re
from collections.abc import Iterator

from smsvet import HOLE, Document, Hit, Placeholder, Text

REMARK = 10
"""Minimum code points of a remark that justifies a third variable, as in the vendor FAQ of 2018."""
MINUTES = re.compile(r"\s*(?:分钟|分|小时|min|秒)")
SIGNED = re.compile(r"\s*【[^】]*】")
BLANKS = re.compile(r"[ \t\r\n]+")
VALUE = re.compile(r"[^{}$#]{1,40}")
"""The value of a variable in a remark: not another placeholder. Source: OWN."""


def check(document: Document) -> Iterator[Hit]:
    """Yield the first variable that is neither the code nor its validity.

    At Tencent, the hit is a possible one if the remark shows the template filled in. Source: SEED.
    """
    body, remark = document.body, document.submission.remark or ""
    profile = document.provider.profile(document.as_of)
    if body is None or (profile == "18" and len(remark.strip()) >= REMARK):
        return
    stated = document.provider.limit("otp_placeholders", document.as_of)
    most = stated if isinstance(stated, int) else 2
    placeholders = unsigned(document, body)
    codes = [
        placeholder
        for placeholder in placeholders
        if not MINUTES.match(body.original, placeholder.span.end)
    ]
    extra: list[Placeholder] = []
    if len(placeholders) > most:
        extra = codes[1:] or placeholders[most:]
    elif len(codes) > 1:
        extra = codes[1:]
    if extra:
        explained = document.provider.id == "tencent" and is_filled_in(body, document.texts.get("remark"))
        yield Hit(extra[0].span, possible=explained)


def unsigned(document: Document, body: Text) -> list[Placeholder]:
    """Return the placeholders without those in a leading signature, such as Yunpian's 【#company#】."""
    signed = SIGNED.match(body.original) if document.provider.body_carries_signature else None
    start = signed.end() if signed else 0
    return [placeholder for placeholder in document.placeholders if placeholder.span.start >= start]


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
