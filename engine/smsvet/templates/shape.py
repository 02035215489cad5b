"""Splitting of a body into pieces with the grammar shared by all providers, and the shape used as a cache key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from string import ascii_letters, digits
from typing import NamedTuple

from ..files.content_files import ContentError, read_text
from .grammar import CompiledGrammar, Grammar, GrammarError
from .lexer import Token

FILLER = "字"
"""Replaces a run of text in a shape. It is not a delimiter, letter or digit, and is allowed in any placeholder."""

LONGEST = 240
"""Greatest length in code points of a cached shape. Only hostile bodies have longer ones."""

WORDS = frozenset({"WORD", "TEXT", "SIGN", "BRACKET"})
"""Kinds of pieces that are ordinary text for every provider."""

STRAYS = frozenset({"STRAY_OPEN", "STRAY_CLOSE", "STRAY_HASH"})
"""Kinds of pieces that are an unbalanced delimiter of a placeholder."""

STANDIN = "STANDIN"
"""Kind of a piece that represents a value without the syntax of any provider, such as XX."""

# Two separate searches, because an alternation of both patterns is three times as slow.
_SIGN = re.compile(r"[{}｛｝$＄#＃%％@＠<＜\[［_＿*＊]")
_CROSSES = re.compile(r"[XxＸｘ×]{2}")
DELIMITERS = "{}｛｝$＄#＃%％@＠<＜>＞[［]］()（）*＊_＿×ＸｘXx"
"""Characters that a shape always contains."""
LETTERS = f"{digits}{ascii_letters}０１２３４５６７８９"
"""Characters that a shape contains next to a delimiter."""
_DELIMITERS, _LETTERS = re.escape(DELIMITERS), LETTERS
# Letters and digits next to a delimiter can change its meaning. So a run that is replaced does not begin or end with
# them, except at the start or end of the body.
_TO_THE_END = rf"[^{_DELIMITERS}]*(?:\Z|[^{_DELIMITERS}{_LETTERS}])"
_RUN = re.compile(rf"(\A{_TO_THE_END}|[^{_DELIMITERS}{_LETTERS}](?:{_TO_THE_END})?)")


Piece = Token
"""A part of a body: its kind in the grammar, its half-open offsets in code points, and its text."""


class Shape(NamedTuple):
    """A body with each run of text replaced by FILLER; `parts` alternates unchanged and replaced parts."""

    text: str
    parts: list[str]


class BodyGrammar:
    """The shared grammar. It accepts any text, and its pieces contain every code point."""

    def __init__(
        self, path: Path, compiled: CompiledGrammar | None = None, extensions: Sequence[Path] = ()
    ) -> None:
        """Compile the grammar file and its extensions, unless a cached grammar is given as `compiled`.

        Raises ContentError for an invalid grammar.
        """
        name = f"{path.parent.name}/{path.name}"
        texts = [read_text(path, name), *(read_text(extension, str(extension)) for extension in extensions)]
        try:
            self._grammar = Grammar("\n".join(texts), ("body", "bracketed"), compiled=compiled)
        except GrammarError as error:
            place = ", ".join(map(str, extensions)) or name
            raise ContentError(f"{place}:1: file: {error}") from error
        self.compiled = self._grammar.compiled

    def pieces(self, body: str, bracketed: bool = False) -> list[Piece]:
        """Return the pieces of a body in order; `bracketed` recognises [name] as a placeholder.

        Raises ValueError if the grammar does not accept the body.
        """
        tokens = self._grammar.read(body, "bracketed" if bracketed else "body")
        if tokens is None:
            raise ValueError("body.lark does not accept every text")
        return tokens


def has_mark(body: str) -> bool:
    """Return whether a body contains a character that may belong to a placeholder."""
    return _SIGN.search(body) is not None or _CROSSES.search(body) is not None


def shape_of(body: str) -> Shape:
    """Return the shape of a body, which is the same for all bodies with the same placeholders and delimiters."""
    parts = _RUN.split(body)
    return Shape(FILLER.join(parts[::2]), parts)
