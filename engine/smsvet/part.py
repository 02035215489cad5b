"""The parts of content files: checked by pydantic where a file is new, else made from what was kept of them."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import Any

from pydantic import BaseModel, ConfigDict

_PARTS: dict[str, type[Part]] = {}
_LIST, _TUPLE, _MAPPING, _DATE = "list", "tuple", "mapping", "date"


class Part(BaseModel):
    """A part of a content file: unknown keys are errors. Immutable.

    What pydantic needs in order to check it is built when something is first checked: most starts check nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _PARTS[_name(cls)] = cls


def _name(part: type[Part]) -> str:
    return f"{part.__module__}.{part.__qualname__}"


def told(value: object) -> Any:
    """Return a part, or a value in one, as JSON from which `revived` makes it again.

    Raises TypeError for a value that JSON cannot tell.
    """
    if value is None or type(value) in (str, int, bool) or (isinstance(value, float) and isfinite(value)):
        return value
    if isinstance(value, Part):
        given = {
            name: told(getattr(value, name))
            for name in type(value).model_fields
            if name in value.model_fields_set
        }
        return [_name(type(value)), given]
    if isinstance(value, list | tuple):
        return [_LIST if isinstance(value, list) else _TUPLE, *map(told, value)]
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return [_MAPPING, {key: told(item) for key, item in value.items()}]
    if type(value) is date:
        return [_DATE, value.isoformat()]
    raise TypeError(f"{type(value).__name__} is no JSON")


def revived(data: Any) -> Any:
    """Return what `told` told, without checking it again: it was checked before it was told."""
    if not isinstance(data, list):
        return data
    kind, *rest = data
    if kind == _TUPLE:
        return tuple(map(revived, rest))
    if kind == _LIST:
        return list(map(revived, rest))
    if kind == _MAPPING:
        return {key: revived(item) for key, item in rest[0].items()}
    if kind == _DATE:
        return date.fromisoformat(rest[0])
    part = _PARTS[kind]
    given = {name: revived(item) for name, item in rest[0].items()}
    return part.model_construct(set(given), **given)
