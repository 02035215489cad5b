"""Texts read by a grammar that is told as a table of which terminals may follow which."""

from __future__ import annotations

import re
from typing import NamedTuple, TypedDict


class State(TypedDict):
    """What may follow a part of a text, as JSON."""

    ends: bool
    """Whether the text may end here."""
    tried: list[str]
    """Terminals, in the order in which they are tried."""
    then: dict[str, int]
    """Terminals that may stand here, and the state behind each."""


class Table(TypedDict):
    """A grammar as JSON: what each terminal matches, and the states of which the first is the start."""

    patterns: dict[str, str]
    states: list[State]


class Token(NamedTuple):
    """A terminal, and what it matched."""

    kind: str
    text: str


class Lexer:
    """Reads texts by a table. Immutable and shared between threads."""

    def __init__(self, table: Table) -> None:
        """Take a table; what its states try is compiled when it is first needed."""
        self._patterns = table["patterns"]
        self._states = table["states"]
        self._ways = [tuple(state["tried"]) for state in self._states]
        self._compiled: dict[tuple[str, ...], re.Pattern[str]] = {}

    def read(self, text: str) -> list[Token] | None:
        """Return what a text is made of, None where the grammar does not read it."""
        found: list[Token] = []
        place = at = 0
        while at < len(text):
            match = self._way(self._ways[place]).match(text, at)
            kind = match.lastgroup if match else None
            following = self._states[place]["then"].get(kind or "")
            if match is None or kind is None or following is None:
                return None
            found.append(Token(kind, match[0]))
            place, at = following, match.end()
        return found if self._states[place]["ends"] else None

    def _way(self, tried: tuple[str, ...]) -> re.Pattern[str]:
        compiled = self._compiled.get(tried)
        if compiled is None:
            # A state that tries nothing matches nothing.
            ways = "|".join(f"(?P<{name}>{self._patterns[name]})" for name in tried) or "(?!)"
            compiled = self._compiled[tried] = re.compile(ways)
        return compiled
