"""JSON documents in text columns."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


def written(value: object) -> str:
    """Return a value as canonical JSON in ASCII: sorted keys, no spaces.

    Escapes keep lone surrogates and the character 0, which PostgreSQL refuses in text. Raises TypeError for a float:
    it has more than one spelling, and a digest needs one.
    """
    return json.dumps(_checked(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _checked(value: object) -> object:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float")
    if isinstance(value, dict):
        return {str(key): _checked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_checked(item) for item in value]
    return value


class Document(TypeDecorator[Any]):
    """A column of JSON documents."""

    impl = sa.Text()
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Any) -> str | None:
        """Return the text that is stored."""
        return None if value is None else json.dumps(value, ensure_ascii=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """Return the value that was stored."""
        return None if value is None else json.loads(value)
