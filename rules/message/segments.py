"""Messages that are sent as several SMS segments."""

from collections.abc import Iterator

from smsvet import Document, Hit, rendered_message, segments_of


def check(document: Document) -> Iterator[Hit]:
    """Yield a message of more than one segment. Source: T-LEN, U-GUIDE, B-TPL."""
    content = rendered_message(document)
    single = document.provider.limit("segment", document.as_of)
    if content is None or not isinstance(single, tuple):
        return
    gsm = document.provider.limit("segment_gsm", document.as_of, (160, 153))
    abroad = document.region == "international"
    sizes = (int(single[0]), int(single[1]))
    septets = (int(gsm[0]), int(gsm[1])) if isinstance(gsm, tuple) else (160, 153)
    found = segments_of(content, abroad, sizes, septets)
    if found.count > 1:
        text = document.texts.get("text")
        words = {"units": found.units, "count": found.count, "parts": "+".join(map(str, found.parts))}
        limit = septets[0] if found.encoding == "gsm" else sizes[0]
        yield Hit(text.place(0, len(text.original)) if text else None, {**words, "single": limit})
