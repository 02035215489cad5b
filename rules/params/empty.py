"""Values without visible characters."""

from collections.abc import Iterator

from smsvet import Document, Hit


def check(document: Document) -> Iterator[Hit]:
    """Yield each value that is empty or consists of blanks."""
    for text in document.params:
        if not text.folded.strip():
            yield Hit(text.place(0, len(text.original)), {"key": text.field.partition(".")[2]})
