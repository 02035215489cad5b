"""The searched text of a case, in a form that compares by characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

MOST: Final = 2000
"""Code points that are searched of one submission, so that a search of all cases stays bounded."""
_FIELDS: Final = ("signature", "body", "text")


def search_text(document: Mapping[str, Any], account: str | None) -> str:
    """Return the searched text of a submission, given as JSON: its texts, its values and the applicant's name.

    Each part is on a line of its own, and names of fields are left out.
    """
    parts = [document.get(name) for name in _FIELDS]
    parts += [account, *_values(document.get("params"))]
    return "\n".join(folded(str(part)[:MOST]) for part in parts if part is not None)[:MOST]


def folded(text: str) -> str:
    """Return a text without differences of letter case and of full-width characters.

    The character 0 and lone surrogates, which PostgreSQL does not store, become U+FFFD.
    """
    plain = text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFKC", plain).casefold()


class position(FunctionElement[int]):  # noqa: N801 - it is written as the functions of SQLAlchemy
    """The place of a text within another, from 1; 0 if it is not there. It compares characters, faster than LIKE."""

    type = sa.Integer()
    inherit_cache = True


@compiles(position)
def _with_strpos(element: position, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(position, "sqlite")
def _with_instr(element: position, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


def _values(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _values(item)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item)
    else:
        yield value
