"""Rendered samples that do not match the template."""

import re
from collections.abc import Iterator

from smsvet import Document, Hit, match_template, placeholder_places

SIGNED = re.compile(r"^\s*【[^【】]*】")


def check(document: Document) -> Iterator[Hit]:
    """Yield each sample that does not match the body, with or without its signature."""
    body = document.body
    if body is None:
        return
    places = placeholder_places(body)
    for sample in document.submission.samples or ():
        bare = SIGNED.sub("", sample)
        if (
            match_template(body.original, places, sample) is None
            and match_template(body.original, places, bare) is None
        ):
            yield Hit(None, {"sample": sample[:40]})
