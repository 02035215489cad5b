"""Pydantic models of content files, validated when a file is new or changed and otherwise read from the cache."""

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

_MODELS: dict[str, type[CachedModel]] = {}
_PLAIN = frozenset((str, int, bool, type(None)))
_JSON, _LIST, _TUPLE, _MAPPING, _DATE = "json", "list", "tuple", "mapping", "date"


class CachedModel(BaseModel):
    """An immutable model of a content file or a part of it. Unknown keys are errors.

    Pydantic's validators are built lazily, because a startup from the cache validates nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _MODELS[_name(cls)] = cls


def read_model(
    path: Path, model: type[Model], display_name: str | None = None, content_cache: ContentCache | None = None
) -> Model:
    """Return the YAML file at `path` as a `model`, from `content_cache` if it is there.

    `display_name` is the name of the file in errors. Raises ContentError with one line per error.
    """
    key = f"yaml {path}"
    if content_cache is not None and (data := content_cache.get(key)) is not None:
        cached: Model = from_json(data)
        return cached
    from .yaml_files import validated  # noqa: PLC0415 - not needed on a cache hit

    read = validated(path, model, display_name or str(path))
    if content_cache is not None and isinstance(read, CachedModel):
        # A value that JSON cannot represent is not cached; the file is then read at every startup.
        with contextlib.suppress(TypeError):
            content_cache.put(key, to_json(read))
    return read


def to_json(value: object) -> Any:
    """Return a model, or a value inside one, as JSON for `from_json`.

    Raises TypeError for a value that JSON cannot represent.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, CachedModel):
        fields_set = value.model_fields_set
        given = {name: to_json(item) for name, item in value if name in fields_set}
        return [_name(type(value)), given]
    if _is_json(value):
        return [_JSON, value] if isinstance(value, list | dict) else value
    if isinstance(value, list | tuple):
        return [_LIST if isinstance(value, list) else _TUPLE, *map(to_json, value)]
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return [_MAPPING, {key: to_json(item) for key, item in value.items()}]
    if type(value) is date:
        return [_DATE, value.isoformat()]
    raise TypeError(f"{type(value).__name__} cannot be represented as JSON")


def from_json(data: Any) -> Any:
    """Return the model or value that `to_json` serialised, without validating it a second time."""
    if type(data) is not list:
        return data
    kind = data[0]
    if kind in _MODELS:
        # Most values are strings: checking the type here saves a recursive call.
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
    """Return an instance without any field set, to be copied."""
    model = _MODELS[name]
    required = {field: None for field, info in model.model_fields.items() if info.is_required()}
    return model.model_construct(set(), **required)


def _name(model: type[CachedModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"


def _is_json(value: object) -> bool:
    """Return whether a value survives a round trip through JSON unchanged."""
    if isinstance(value, dict):
        return set(map(type, value)) <= {str} and all(map(_is_json, value.values()))
    if isinstance(value, list):
        return all(map(_is_json, value))
    if isinstance(value, float):
        return isfinite(value)
    return type(value) in _PLAIN
