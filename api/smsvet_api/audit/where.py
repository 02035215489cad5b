"""Parses `--where`: a condition on the input's columns, as an expression of pyarrow.

The grammar is that of a small SQL WHERE: comparisons, IN, LIKE, IS NULL, NOT, AND, OR and parentheses.
"""

from __future__ import annotations

import re
from typing import Any, Final

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?![\w])|(?P<text>'(?:[^']|'')*')|"(?P<quoted>[^"]+)"|(?P<word>\w[\w.]*)
    |(?P<sign><=|>=|!=|<>|==|[=<>(),]))""",
    re.VERBOSE,
)
_KEYWORDS: Final = frozenset({"and", "or", "not", "in", "is", "null", "like", "true", "false"})
_COMPARISONS: Final = frozenset({"=", "==", "!=", "<>", "<", "<=", ">", ">="})
_DEEPEST: Final = 50


class _WrongError(ValueError):
    """The condition cannot be parsed; the arguments are the Chinese and the English message."""


def parse_where(text: str, schema: Any, lang: Lang) -> Any:
    """Return a condition as an expression for tables of a schema. Raises InputError, naming the place in the text."""
    import pyarrow as pa  # noqa: PLC0415 - loads slowly, and only an audit needs it

    try:
        expression = _Parser(_tokens(text), schema).parsed()
        schema.empty_table().filter(expression)
    except _WrongError as error:
        raise InputError(f"--where: {say(lang, *error.args)}") from error
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InputError(
            say(lang, f"--where: 类型不符：{error}", f"--where: the types do not fit: {error}")
        ) from error
    return expression


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            rest = text[place:].strip()
            raise _WrongError(f"看不懂“{rest}”", f"cannot read “{rest}”")
        kind = str(match.lastgroup)
        value = match[kind]
        if kind == "word" and value.lower() in _KEYWORDS:
            kind, value = "keyword", value.lower()
        if kind == "text":
            value = value[1:-1].replace("''", "'")
        found.append(("column" if kind in ("word", "quoted") else kind, value))
        place = match.end()
    return found


class _Parser:
    """Reads tokens from left to right; OR binds least, then AND, then NOT."""

    def __init__(self, tokens: list[tuple[str, str]], schema: Any) -> None:
        self.tokens = tokens
        self.schema = schema
        self.place = 0
        self.depth = 0

    def parsed(self) -> Any:
        expression = self.either()
        if self.place < len(self.tokens):
            raise self.unexpected()
        return expression

    def either(self) -> Any:
        left = self.both()
        while self.skip("keyword", "or"):
            left = left | self.both()
        return left

    def both(self) -> Any:
        left = self.negated()
        while self.skip("keyword", "and"):
            left = left & self.negated()
        return left

    def negated(self) -> Any:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _WrongError("嵌套过深", "nested too deep")
        try:
            if self.skip("keyword", "not"):
                return ~self.negated()
            if self.skip("sign", "("):
                inside = self.either()
                self.need("sign", ")")
                return inside
            return self.condition()
        finally:
            self.depth -= 1

    def condition(self) -> Any:
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        kind, name = self.next()
        if kind != "column":
            self.place -= 1
            raise self.unexpected()
        if name not in self.schema.names:
            known = ", ".join(self.schema.names)
            raise _WrongError(f"没有列 {name}；列名：{known}", f"no column {name}; columns: {known}")
        field, type_ = pc.field(name), self.schema.field(name).type
        if self.skip("keyword", "is"):
            wanted = not self.skip("keyword", "not")
            self.need("keyword", "null")
            return field.is_null() if wanted else ~field.is_null()
        negative = self.skip("keyword", "not")
        if self.skip("keyword", "in"):
            found = field.isin(self.listed(type_))
        elif self.skip("keyword", "like"):
            found = pc.match_like(  # pyright: ignore[reportAttributeAccessIssue] - made at import
                field, self.text()
            )
        elif not negative and self.peek()[0] == "sign" and self.peek()[1] in _COMPARISONS:
            found = _compared(field, self.next()[1], self.literal(type_))
        else:
            raise self.unexpected()
        return ~found if negative else found

    def listed(self, type_: Any) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - as above

        self.need("sign", "(")
        values = [self.literal(type_)]
        while self.skip("sign", ","):
            values.append(self.literal(type_))
        self.need("sign", ")")
        return pa.array([one.as_py() for one in values], type_)

    def text(self) -> str:
        kind, value = self.next()
        if kind != "text":
            self.place -= 1
            raise self.unexpected()
        return value

    def literal(self, type_: Any) -> Any:
        """Return the next value as a scalar of the column's type."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        kind, value = self.next()
        if kind == "keyword" and value in ("true", "false"):
            return pa.scalar(value == "true").cast(type_)
        if kind == "number":
            return pa.scalar(float(value) if "." in value else int(value)).cast(type_)
        if kind == "text":
            return pa.scalar(value).cast(type_)
        self.place -= 1
        raise self.unexpected()

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def next(self) -> tuple[str, str]:
        token = self.peek()
        self.place += 1
        return token

    def skip(self, kind: str, value: str) -> bool:
        if self.peek() == (kind, value):
            self.place += 1
            return True
        return False

    def need(self, kind: str, value: str) -> None:
        if not self.skip(kind, value):
            raise self.unexpected(value)

    def unexpected(self, wanted: str = "") -> _WrongError:
        kind, value = self.peek()
        zh = "条件不完整" if kind == "end" else f"此处不应为“{value}”"
        en = "the condition is not complete" if kind == "end" else f"unexpected “{value}”"
        if wanted:
            zh, en = f"{zh}，应为“{wanted}”", f"{en}, expected “{wanted}”"
        return _WrongError(zh, en)


def _compared(field: Any, sign: str, value: Any) -> Any:
    if sign in ("=", "=="):
        return field == value
    if sign in ("!=", "<>"):
        return field != value
    if sign in ("<", "<="):
        return field < value if sign == "<" else field <= value
    return field > value if sign == ">" else field >= value
