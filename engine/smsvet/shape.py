"""A body in pieces, read by the grammar that all providers share, and the shape that many bodies share."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from string import ascii_letters, digits
from typing import NamedTuple

from lark import Lark
from lark.exceptions import LarkError

from .source import ContentError, read_text

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

    def __init__(self, path: Path, right: bool = False) -> None:
        """Compile the grammar file; raises ContentError where it is not a Lark grammar.

        One that is known to be `right` is compiled when it is first needed.
        """
        self._name = f"{path.parent.name}/{path.name}"
        self._text = read_text(path, self._name)
        if not right:
            _ = self._lark

    @cached_property
    def _lark(self) -> Lark:
        try:
            return Lark(self._text, parser="lalr", lexer="contextual", start=["body", "bracketed"])
        except LarkError as error:
            raise ContentError(f"{self._name}:1: file: {error}") from error

    def pieces(self, body: str, bracketed: bool = False) -> list[Piece]:
        """Return the pieces of a body in order; `bracketed` takes [name] for a placeholder."""
        found = []
        at = 0
        for token in self._lark.parse(body, start="bracketed" if bracketed else "body").children:
            text = str(token)
            found.append(Piece(token.type, at, at + len(text), text))  # type: ignore[union-attr]
            at += len(text)
        return found


def has_mark(body: str) -> bool:
    """Return whether a body has a sign that could belong to a placeholder."""
    return _SIGN.search(body) is not None or _CROSSES.search(body) is not None


def shape_of(body: str) -> Shape:
    """Return the shape of a body, which all bodies with the same placeholders and signs share."""
    parts = _RUN.split(body)
    return Shape(FILLER.join(parts[::2]), parts)
