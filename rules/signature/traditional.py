"""Traditional characters in a signature."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the span from the first to the last traditional-only character; the suggestion is simplified."""
    signature = document.signature
    places = document.traditional(signature) if signature is not None else []
    if signature is not None and places:
        simplified = document.simplified(signature)
        shown = "".join(signature.original[place] for place in places)
        span = signature.place(places[0], places[-1] + 1)
        yield Hit(
            span, {"match": shown, "simplified": simplified}, suggestion=document.with_signature(simplified)
        )
