"""Traditional characters in a template."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield the span from the first to the last traditional-only character; the suggestion is simplified."""
    body = document.body
    if body is None:
        return
    places = document.traditional(body)
    if places:
        simplified = document.simplified(body)
        span = body.place(places[0], places[-1] + 1)
        shown = "".join(body.original[place] for place in places)
        yield Hit(span, {"match": shown, "simplified": simplified}, suggestion=simplified)
