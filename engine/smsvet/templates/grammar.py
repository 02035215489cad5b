"""Lark grammars, compiled to tables that can be cached, so that a startup from the cache does not import Lark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

from .lexer import Lexer, State, Table, Token

if TYPE_CHECKING:
    from lark import Lark
    from lark.lexer import TerminalDef

MAX_STATES = 256
"""Greatest number of states in a table. A recursive grammar has an unlimited number of them."""

_END = "$END"


class CompiledGrammar(TypedDict):
    """A compiled grammar as JSON: its tables and prefixes by start rule.

    The table is None for a grammar that only Lark can parse. The prefixes are the result of `prefixes_of`.
    """

    tables: dict[str, Table | None]
    prefixes: dict[str, list[str]]


class GrammarError(ValueError):
    """Invalid Lark grammar."""


class Grammar:
    """A grammar that accepts the same texts as Lark. Immutable and safe to share between threads."""

    def __init__(
        self,
        text: str,
        starts: Sequence[str],
        required: Sequence[str] = (),
        compiled: CompiledGrammar | None = None,
    ) -> None:
        """Take the text of a grammar, its start rules, and the terminals required in the tokens.

        `compiled` is the `compiled` attribute of an earlier instance. Without it the grammar is compiled now, which
        raises GrammarError for an invalid grammar.
        """
        self._text = text
        self._starts = list(starts)
        if compiled is None:
            compiled = {
                "tables": {start: table_of(self._lark, start, required) for start in starts},
                "prefixes": {start: prefixes_of(self._lark, start) for start in starts},
            }
        self.compiled: CompiledGrammar = compiled
        self.prefixes: Mapping[str, tuple[str, ...]] = {
            start: tuple(found) for start, found in compiled["prefixes"].items()
        }
        """By start rule: every accepted text begins with one of these. An empty prefix stands for any text."""
        self._lexers = {
            start: Lexer(table) for start, table in compiled["tables"].items() if table is not None
        }

    def read(self, text: str, start: str) -> list[Token] | None:
        """Return the tokens of a text, None if the grammar does not accept it."""
        lexer = self._lexers.get(start)
        return lexer.read(text) if lexer else self.parse(text, start)

    def parse(self, text: str, start: str) -> list[Token] | None:
        """Return the tokens of a text as Lark parses it, None if the grammar does not accept it."""
        from lark import Token as LarkToken  # noqa: PLC0415 - slow to import and rarely needed
        from lark.exceptions import UnexpectedInput  # noqa: PLC0415

        try:
            tree = self._lark.parse(text, start=start)
        except UnexpectedInput:
            return None
        found = tree.scan_values(lambda value: isinstance(value, LarkToken))
        starts = ((token, token.start_pos or 0) for token in found)
        return [Token(token.type, first, first + len(token), str(token)) for token, first in starts]

    @cached_property
    def _lark(self) -> Lark:
        from lark import Lark  # noqa: PLC0415 - slow to import and not needed with a cached table
        from lark.exceptions import LarkError  # noqa: PLC0415

        try:
            return Lark(self._text, parser="lalr", lexer="contextual", start=self._starts)
        except LarkError as error:
            raise GrammarError(str(error)) from error


def table_of(lark: Lark, start: str, required: Sequence[str] = ()) -> Table | None:
    """Return the table of a grammar with Lark's contextual lexer; None if a table cannot represent the grammar.

    A table cannot represent a recursive grammar, ignored terminals, or a `required` terminal that is dropped from the
    tree. The same holds for a string terminal that also matches the pattern of another terminal.
    """
    dropped = {symbol.name for rule in lark.rules for symbol in rule.expansion if _is_dropped(symbol)}
    if lark.ignore_tokens or dropped.intersection(required):
        return None
    terminals = {terminal.name: terminal for terminal in lark.terminals}
    # Lark has no public type for the interactive parser.
    first: Any = lark.parse_interactive("", start)
    places = {tuple(first.parser_state.state_stack): 0}
    waiting = [first]
    states: list[State] = []
    while len(states) < len(waiting):
        parser = waiting[len(states)]
        tried = sorted((terminals[name] for name in parser.choices() if name in terminals), key=_order)
        if _is_ambiguous(tried) or len(waiting) > MAX_STATES:
            return None
        names = [terminal.name for terminal in tried]
        then: dict[str, int] = {}
        for name in names:
            after = _after(parser, name)
            if after is not None:
                stack = tuple(after.parser_state.state_stack)
                if stack not in places:
                    places[stack] = len(waiting)
                    waiting.append(after)
                then[name] = places[stack]
        states.append({"ends": _after(parser, _END) is not None, "tried": names, "then": then})
    return {"patterns": {name: one.pattern.to_regexp() for name, one in terminals.items()}, "states": states}


def prefixes_of(lark: Lark, start: str) -> list[str]:
    """Return prefixes such that every accepted text begins with one of them; a prefix is empty if it is unknown."""
    from lark.lexer import PatternStr  # noqa: PLC0415 - slow to import and not needed with a cached table

    parser: Any = lark.parse_interactive("", start)
    first: set[str] = parser.accepts()
    patterns = [terminal.pattern for terminal in lark.terminals if terminal.name in first]
    return [item.value if isinstance(item, PatternStr) and not item.flags else "" for item in patterns]


def _after(parser: Any, terminal: str) -> Any:
    """Return a copy of a parser after one more terminal, None if that terminal must not follow."""
    from lark import Token as LarkToken  # noqa: PLC0415 - slow to import and not needed with a cached table
    from lark.exceptions import UnexpectedToken  # noqa: PLC0415

    after = parser.copy()
    try:
        after.feed_token(LarkToken(terminal, ""))
    except UnexpectedToken:
        return None
    return after


def _is_dropped(symbol: object) -> bool:
    return bool(getattr(symbol, "filter_out", False))


def _order(terminal: TerminalDef) -> tuple[int, int, int, str]:
    """Return the sort key of a terminal: the same order as in Lark's lexer."""
    pattern = terminal.pattern
    return -terminal.priority, -pattern.max_width, -len(pattern.value), terminal.name


def _is_ambiguous(terminals: Sequence[TerminalDef]) -> bool:
    """Return whether a string terminal also matches the pattern of another terminal with the same priority.

    Lark's lexer has a special case for such terminals.
    """
    strings = [one for one in terminals if one.pattern.type == "str"]
    return any(
        re.fullmatch(other.pattern.to_regexp(), one.pattern.value)
        for one in strings
        for other in terminals
        if other.pattern.type == "re" and other.priority == one.priority
    )
