"""The parts of content files: checked by pydantic where a file is new, else made from what was kept of them."""

from __future__ import annotations

import contextlib
from datetime import date
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from .cache import ContentCache

Model = TypeVar("Model", bound=BaseModel)

_PARTS: dict[str, type[CachedModel]] = {}
_PLAIN = frozenset((str, int, bool, type(None)))
_JSON, _LIST, _TUPLE, _MAPPING, _DATE = "json", "list", "tuple", "mapping", "date"


class CachedModel(BaseModel):
    """A part of a content file: unknown keys are errors. Immutable.

    What pydantic needs in order to check it is built when something is first checked: most starts check nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _PARTS[_name(cls)] = cls


def read_model(
    path: Path, model: type[Model], shown: str | None = None, content_cache: ContentCache | None = None
) -> Model:
    """Return the YAML file at `path` as a `model`, or what `content_cache` kept of that file.

    `shown` is how the file is named in errors. Raises ContentError with one line an error.
    """
    kept = f"yaml {path}"
    if content_cache is not None and (data := content_cache.get(kept)) is not None:
        recalled: Model = from_json(data)
        return recalled
    from .yaml_files import validated  # noqa: PLC0415 - what was kept needs no YAML

    read = validated(path, model, shown or str(path))
    if content_cache is not None and isinstance(read, CachedModel):
        # What JSON cannot tell is read again at the next start.
        with contextlib.suppress(TypeError):
            content_cache.put(kept, to_json(read))
    return read


def to_json(value: object) -> Any:
    """Return a part, or a value in one, as JSON from which `revived` makes it again.

    Raises TypeError for a value that JSON cannot tell.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, CachedModel):
        known = value.model_fields_set
        given = {name: to_json(item) for name, item in value if name in known}
        return [_name(type(value)), given]
    if _is_json(value):
        return [_JSON, value] if isinstance(value, list | dict) else value
    if isinstance(value, list | tuple):
        return [_LIST if isinstance(value, list) else _TUPLE, *map(to_json, value)]
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return [_MAPPING, {key: to_json(item) for key, item in value.items()}]
    if type(value) is date:
        return [_DATE, value.isoformat()]
    raise TypeError(f"{type(value).__name__} is no JSON")


def from_json(data: Any) -> Any:
    """Return what `told` told, without checking it again: it was checked before it was told."""
    if type(data) is not list:
        return data
    kind = data[0]
    if kind in _PARTS:
        # Most of what is given is text: asking here saves asking there.
        given = {name: from_json(item) if type(item) is list else item for name, item in data[1].items()}
        return _blank(kind).model_copy(update=given)
    if kind == _JSON:
        return data[1]
    if kind == _TUPLE:
        return tuple(map(from_json, data[1:]))
    if kind == _LIST:
        return list(map(from_json, data[1:]))
    if kind == _MAPPING:
        return {key: from_json(item) for key, item in data[1].items()}
    return date.fromisoformat(data[1])


@cache
def _blank(name: str) -> CachedModel:
    """Return a part in which nothing is given, to be copied."""
    part = _PARTS[name]
    needed = {field: None for field, info in part.model_fields.items() if info.is_required()}
    return part.model_construct(set(), **needed)


def _name(part: type[CachedModel]) -> str:
    return f"{part.__module__}.{part.__qualname__}"


def _is_json(value: object) -> bool:
    """Return whether JSON gives back exactly this value."""
    if isinstance(value, dict):
        return set(map(type, value)) <= {str} and all(map(_is_json, value.values()))
    if isinstance(value, list):
        return all(map(_is_json, value))
    if isinstance(value, float):
        return isfinite(value)
    return type(value) in _PLAIN
