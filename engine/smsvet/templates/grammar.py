"""A grammar, compiled by Lark when nothing is known of it, and read by its table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

from .lexer import Lexer, State, Table, Token

if TYPE_CHECKING:
    from lark import Lark
    from lark.lexer import TerminalDef

MOST = 256
"""States of a grammar that is worth a table; one that nests without end has ever more."""

_END = "$END"


class CompiledGrammar(TypedDict):
    """What is known of a grammar, as JSON: by start its table, if it has one, and what texts begin with."""

    tables: dict[str, Table | None]
    prefixes: dict[str, list[str]]


class GrammarError(ValueError):
    """A text is no grammar."""


class Grammar:
    """A grammar that reads texts as Lark does. Immutable and shared between threads."""

    def __init__(
        self, text: str, starts: Sequence[str], kept: Sequence[str] = (), told: CompiledGrammar | None = None
    ) -> None:
        """Take the text of a grammar, the rules that it may start with and the terminals that are asked for.

        `told` is what was known of it before. Without that it is compiled now, and raises GrammarError.
        """
        self._text = text
        self._starts = list(starts)
        if told is None:
            told = {
                "tables": {start: table_of(self._lark, start, kept) for start in starts},
                "prefixes": {start: prefixes_of(self._lark, start) for start in starts},
            }
        self.told: CompiledGrammar = told
        self.prefixes: Mapping[str, tuple[str, ...]] = {
            start: tuple(found) for start, found in told["prefixes"].items()
        }
        """By start: the texts of which every one that is read begins with one, an empty one if that is not known."""
        self._lexings = {start: Lexer(table) for start, table in told["tables"].items() if table is not None}

    def read(self, text: str, start: str) -> list[Token] | None:
        """Return what a text is made of, None where the grammar does not read it."""
        lexing = self._lexings.get(start)
        return lexing.read(text) if lexing else self.parse(text, start)

    def parse(self, text: str, start: str) -> list[Token] | None:
        """Return the same as `read`, asking Lark."""
        from lark import Token as LarkToken  # noqa: PLC0415 - slow to import, and seldom needed
        from lark.exceptions import UnexpectedInput  # noqa: PLC0415

        try:
            tree = self._lark.parse(text, start=start)
        except UnexpectedInput:
            return None
        found = tree.scan_values(lambda value: isinstance(value, LarkToken))
        return [Token(token.type, str(token)) for token in found]

    @cached_property
    def _lark(self) -> Lark:
        from lark import Lark  # noqa: PLC0415 - slow to import, and not needed where a table is known
        from lark.exceptions import LarkError  # noqa: PLC0415

        try:
            return Lark(self._text, parser="lalr", lexer="contextual", start=self._starts)
        except LarkError as error:
            raise GrammarError(str(error)) from error


def table_of(lark: Lark, start: str, kept: Sequence[str] = ()) -> Table | None:
    """Return the table of a grammar with Lark's contextual lexer; None for one that no table tells all of.

    Such a one nests without end, leaves out what it ignores or one of the terminals that have to be `kept`, or
    tells the same text by its wording and by a pattern apart.
    """
    dropped = {symbol.name for rule in lark.rules for symbol in rule.expansion if _is_dropped(symbol)}
    if lark.ignore_tokens or dropped.intersection(kept):
        return None
    terminals = {terminal.name: terminal for terminal in lark.terminals}
    # Lark publishes no types for what it returns.
    first: Any = lark.parse_interactive("", start)
    places = {tuple(first.parser_state.state_stack): 0}
    waiting = [first]
    states: list[State] = []
    while len(states) < len(waiting):
        parser = waiting[len(states)]
        tried = sorted((terminals[name] for name in parser.choices() if name in terminals), key=_order)
        if _is_worded_twice(tried) or len(waiting) > MOST:
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
    """Return the texts of which every one that is read begins with one, an empty one where that is not known."""
    from lark.lexer import PatternStr  # noqa: PLC0415 - slow to import, and not needed where this is known

    parser: Any = lark.parse_interactive("", start)
    first: set[str] = parser.accepts()
    patterns = [terminal.pattern for terminal in lark.terminals if terminal.name in first]
    return [item.value if isinstance(item, PatternStr) and not item.flags else "" for item in patterns]


def _after(parser: Any, terminal: str) -> Any:
    """Return a parser that has read a further terminal, None where that may not follow."""
    from lark import Token as LarkToken  # noqa: PLC0415 - slow to import, and not needed where a table is known
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
    """Return the key by which Lark sorts the terminals that it tries."""
    pattern = terminal.pattern
    return -terminal.priority, -pattern.max_width, -len(pattern.value), terminal.name


def _is_worded_twice(terminals: Sequence[TerminalDef]) -> bool:
    """Return whether the wording of one terminal matches the pattern of another, as Lark's lexer asks it."""
    worded = [one for one in terminals if one.pattern.type == "str"]
    return any(
        re.fullmatch(other.pattern.to_regexp(), one.pattern.value)
        for one in worded
        for other in terminals
        if other.pattern.type == "re" and other.priority == one.priority
    )
