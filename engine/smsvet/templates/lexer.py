"""Lexer for grammars in table form: a state machine over terminals."""

from __future__ import annotations

import re
from typing import NamedTuple, TypedDict


class State(TypedDict):
    """A state of the lexer as JSON."""

    ends: bool
    """Whether the text may end in this state."""
    tried: list[str]
    """The terminals to try, in order."""
    then: dict[str, int]
    """The next state after each terminal that is allowed in this state."""


class Table(TypedDict):
    """A grammar as JSON: the regular expression of each terminal, and the states. State 0 is the start."""

    patterns: dict[str, str]
    states: list[State]


class Token(NamedTuple):
    """A terminal with its half-open offsets in code points, and its matched text."""

    kind: str
    start: int
    end: int
    text: str


class Lexer:
    """Splits texts into tokens with a table. Safe to share between threads."""

    def __init__(self, table: Table) -> None:
        """Take a table. The regular expression of each state is compiled lazily."""
        self._patterns = table["patterns"]
        self._states = table["states"]
        self._tried = [tuple(state["tried"]) for state in self._states]
        self._compiled: dict[tuple[str, ...], re.Pattern[str]] = {}
        first = self._tried[0]
        self._is_free = all(
            state["ends"] and tuple(state["tried"]) == first and set(first) <= state["then"].keys()
            for state in self._states
        )
        """Whether any terminal may follow any other, so that states need not be followed."""

    def read(self, text: str) -> list[Token] | None:
        """Return the tokens of a text, None if the grammar does not accept it."""
        if self._is_free:
            return self._read_freely(text)
        found: list[Token] = []
        states, tried, compiled = self._states, self._tried, self._compiled
        state = at = 0
        while at < len(text):
            match = (compiled.get(tried[state]) or self._pattern(tried[state])).match(text, at)
            if match is None:
                return None
            kind = match.lastgroup or ""
            following = states[state]["then"].get(kind)
            if following is None:
                return None
            found.append(Token(kind, at, match.end(), match[0]))
            state, at = following, match.end()
        return found if states[state]["ends"] else None

    def _read_freely(self, text: str) -> list[Token] | None:
        found: list[Token] = []
        at = 0
        for match in self._pattern(self._tried[0]).finditer(text):
            start, end = match.span()
            if start != at or start == end:
                return None
            found.append(Token(match.lastgroup or "", start, end, match[0]))
            at = end
        return found if at == len(text) else None

    def _pattern(self, tried: tuple[str, ...]) -> re.Pattern[str]:
        compiled = self._compiled.get(tried)
        if compiled is None:
            # (?!) never matches: for a state without terminals.
            pattern = "|".join(f"(?P<{name}>{self._patterns[name]})" for name in tried) or "(?!)"
            compiled = self._compiled[tried] = re.compile(pattern)
        return compiled
