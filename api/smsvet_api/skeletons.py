"""Skeletons: what remains of a text without its signature, values and punctuation."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from smsvet import HOLE, SEARCHED, Reviewer
from smsvet.model import Placeholder

VALUE: Final = "0"
"""Stands for a placeholder, number, link or stand-in."""

_SIGNED: Final = re.compile(r"\A\s*【[^【】]*】|【[^【】]*】\s*\Z")
_LINK: Final = re.compile(
    r"[a-z]{2,8}://[\x21-\x7e]+|(?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}[a-z]{2,12}(?![a-z0-9])(?:[/?#:][\x21-\x7e]*)?"
)
_VALUES: Final = re.compile(rf"{HOLE}+|[0-9]+|[x×*_]{{2,}}")
_BETWEEN: Final = re.compile(r"[\W_]+")
_REPEATED: Final = re.compile(f"{VALUE}+")


class Skeletons:
    """Returns the skeletons of texts. Normalisation and placeholders are those of the engine."""

    def __init__(self, reviewer: Reviewer) -> None:
        reader = reviewer.catalogue.reader
        self._folder = reader.folder
        self._parser = reader.parser
        self._providers = reviewer.providers

    def of(self, text: str, provider: str | None) -> str:
        """Return the skeleton of a text: equal for texts that differ only in signature, values and punctuation.

        A text of nothing else is its own skeleton, normalised. The rest after the part that the engine searches
        is compared unchanged.
        """
        text, rest = text[:SEARCHED], text[SEARCHED:]
        if rest:
            digest = hashlib.blake2b(rest.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
            return f"{self.of(text, provider)}{digest}"
        text = _SIGNED.sub("", text, count=1)
        plain = self._folder.fold(self._punched(text, provider))[0]
        found = _VALUES.sub(VALUE, _LINK.sub(VALUE, plain))
        skeleton = _REPEATED.sub(VALUE, _BETWEEN.sub("", found))
        return plain if skeleton in ("", VALUE) else skeleton

    def placeholders(self, text: str, provider: str | None) -> tuple[Placeholder, ...]:
        """Return the placeholders of a text in the syntax of a provider, of the part that the engine searches."""
        known = provider if provider is not None and provider in self._providers else "tencent"
        return self._parser.placeholders(text[:SEARCHED], known)

    def plain(self, text: str) -> str:
        """Return a text as the engine normalises it."""
        return self._folder.fold(text)[0]

    def _punched(self, text: str, provider: str | None) -> str:
        """Return a text with `HOLE` for each of its placeholders."""
        parts, at = [], 0
        for one in self.placeholders(text, provider):
            parts += [text[at : one.span.start], HOLE]
            at = one.span.end
        return "".join([*parts, text[at:]])
