"""A body in pieces, read by the grammar that all providers share, and the shape that many bodies share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from string import ascii_letters, digits
from typing import NamedTuple

from ..files.content_files import ContentError, read_text
from .grammar import CompiledGrammar, Grammar, GrammarError

FILLER = "字"
"""Stands for a run of text in a shape: no delimiter, letter or digit, and allowed inside every hole."""

LONGEST = 240
"""Code points of the longest shape worth keeping; hostile bodies have longer ones."""

WORDS = frozenset({"WORD", "TEXT", "SIGN", "BRACKET"})
"""Kinds of pieces that are text whoever reads them."""

STRAYS = frozenset({"STRAY_OPEN", "STRAY_CLOSE", "STRAY_HASH"})
"""Kinds of pieces that are half a placeholder."""

STANDIN = "STANDIN"
"""Kind of a piece that stands for a value and is nobody's placeholder."""

# Two searches for one set each: an alternation of both is three times as slow.
_SIGN = re.compile(r"[{}｛｝$＄#＃%％@＠<＜\[［_＿*＊]")
_CROSSES = re.compile(r"[XxＸｘ×]{2}")
DELIMITERS = "{}｛｝$＄#＃%％@＠<＜>＞[［]］()（）*＊_＿×ＸｘXx"
"""Characters of which each is a piece of a shape."""
LETTERS = f"{digits}{ascii_letters}０１２３４５６７８９"
"""Characters that are part of a shape where they touch a delimiter."""
_DELIMITERS, _LETTERS = re.escape(DELIMITERS), LETTERS
# Letters and digits beside a delimiter decide what it is, so a run to collapse begins and ends with neither,
# unless the body does.
_TO_THE_END = rf"[^{_DELIMITERS}]*(?:\Z|[^{_DELIMITERS}{_LETTERS}])"
_RUN = re.compile(rf"(\A{_TO_THE_END}|[^{_DELIMITERS}{_LETTERS}](?:{_TO_THE_END})?)")


class Piece(NamedTuple):
    """A part of a body: what the grammar takes it for, and its place in code points."""

    kind: str
    start: int
    end: int
    text: str


class Shape(NamedTuple):
    """A body with each run of text as one FILLER; `parts` alternate what was kept and what was not."""

    text: str
    parts: list[str]


class BodyGrammar:
    """The shared grammar. It reads any text and loses no code point."""

    def __init__(
        self, path: Path, told: CompiledGrammar | None = None, extensions: Sequence[Path] = ()
    ) -> None:
        """Compile the grammar file and its extensions; raises ContentError where they are not a Lark grammar.

        `told` is what was known of it before.
        """
        name = f"{path.parent.name}/{path.name}"
        texts = [read_text(path, name), *(read_text(extension, str(extension)) for extension in extensions)]
        try:
            self._grammar = Grammar("\n".join(texts), ("body", "bracketed"), told=told)
        except GrammarError as error:
            place = ", ".join(map(str, extensions)) or name
            raise ContentError(f"{place}:1: file: {error}") from error
        self.told = self._grammar.told

    def pieces(self, body: str, bracketed: bool = False) -> list[Piece]:
        """Return the pieces of a body in order; `bracketed` takes [name] for a placeholder.

        Raises ValueError where the grammar does not read it.
        """
        read = self._grammar.read(body, "bracketed" if bracketed else "body")
        if read is None:
            raise ValueError("body.lark does not read every text")
        found = []
        at = 0
        for kind, text in read:
            found.append(Piece(kind, at, at + len(text), text))
            at += len(text)
        return found


def has_mark(body: str) -> bool:
    """Return whether a body has a sign that could belong to a placeholder."""
    return _SIGN.search(body) is not None or _CROSSES.search(body) is not None


def shape_of(body: str) -> Shape:
    """Return the shape of a body, which all bodies with the same placeholders and signs share."""
    parts = _RUN.split(body)
    return Shape(FILLER.join(parts[::2]), parts)
