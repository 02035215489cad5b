"""Addresses of tables: `postgresql://host/database#table` and `sqlite:///file#table`. A password in one is never shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, Literal
from urllib.parse import unquote

from smsvet.model import Lang

from ..files.rows import InputError
from ..wording import say

Dialect = Literal["postgresql", "sqlite"]

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_DIALECTS: Final[dict[str, Dialect]] = {
    "postgresql": "postgresql", "postgres": "postgresql", "postgresql+psycopg": "postgresql", "sqlite": "sqlite",
}  # fmt: skip
HIDDEN: Final = "…"


@dataclass(frozen=True, slots=True)
class TableAddress:
    """A table of a database. `shown` is the address for messages, and `name` its last part, without the host."""

    dialect: Dialect
    rest: str = field(repr=False)
    """The address between `://` and `#`: user, password, host and database, or the path of a file."""

    schema: str | None
    table: str
    shown: str
    name: str

    @property
    def url(self) -> str:
        """Return the URL of the database, with the password."""
        driver = "postgresql+psycopg" if self.dialect == "postgresql" else "sqlite"
        return f"{driver}://{self.rest}"


def is_address(given: str) -> bool:
    """Return whether an input is written as a URL, not as a path."""
    return _SCHEME.match(given) is not None


def parse_address(given: str, lang: Lang) -> TableAddress:
    """Return the table that a URL names. Raises InputError for another kind of database, and without a table."""
    found = _SCHEME.match(given)
    scheme = found[1].lower() if found else ""
    dialect = _DIALECTS.get(scheme)
    if found is None or dialect is None:
        raise InputError(
            say(
                lang,
                f"{scheme}://：不支持；数据库表写成 postgresql://主机/库#表 或 sqlite:///文件#表",
                f"{scheme}://: not supported; a table is named as postgresql://HOST/DATABASE#TABLE or sqlite:///FILE#TABLE",
            )
        )
    rest, sign, fragment = given[found.end() :].rpartition("#")
    if not sign:
        rest, fragment = fragment, ""
    place = _place(rest) if dialect == "postgresql" else rest
    table = unquote(fragment)
    schema = None
    if dialect == "postgresql" and "." in table:
        schema, table = table.split(".", 1)
    if not table:
        raise InputError(
            say(
                lang,
                f"{dialect}://{place}：缺少表名；在末尾加上 #表名",
                f"{dialect}://{place}: no table is named; add #TABLE at the end",
            )
        )
    database = PurePath(place).name or dialect
    return TableAddress(
        dialect, rest, schema, table, f"{dialect}://{place}#{unquote(fragment)}", f"{database}#{table}"
    )


def _place(rest: str) -> str:
    """Return host and database without user, password and options."""
    head, _, options = rest.partition("?")
    if "@" in options:
        return HIDDEN  # the question mark may belong to the password
    return head.rpartition("@")[2]
