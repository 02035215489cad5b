"""Texts that the operator's learned evidence sends to a person."""

from collections.abc import Iterator

from smsvet import Document, Hit, Said


def check(document: Document) -> Iterator[Hit]:
    """Yield each text with at least the points of the model's `person`."""
    for name, score in document.learned.items():
        text = document.texts[name]
        yield Hit(
            text.place(0, len(text.original)),
            {"ngrams": Said.listed(score.ngrams)},
            possible=True,
            evidence=((Said("读起来像违规内容", "reads like a violation"), score),),
        )
