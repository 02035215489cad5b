"""A failure that the fuzzer found, and its shrinking to a minimal reproduction."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
"""A submission as decoded JSON, with the field names of the public contract."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that does not hold. `kind` and `name` identify it; `submission` reproduces it."""

    kind: str
    name: str
    detail: str
    submission: Json
    bait: Json | None = None
    """The field, the parts and the length of a repeated text, where the failure is one of time."""

    @property
    def key(self) -> tuple[str, str]:
        """Return what identifies a failure among others."""
        return self.kind, self.name

    def line(self) -> str:
        """Return the failure as one line of JSON, in ASCII if it has code points that cannot be printed."""
        written: Json = {
            "kind": self.kind,
            "name": self.name,
            "detail": self.detail,
            "submission": self.submission,
        }
        if self.bait is not None:
            written["bait"] = self.bait
        line = json.dumps(written, ensure_ascii=False)
        return line if line.isprintable() else json.dumps(written)


def shrink(data: Json, fails: Callable[[Json], bool], seconds: float = 5.0) -> Json:
    """Return the smallest variant found within `seconds` that still fails."""
    until = time.monotonic() + seconds
    shrunk = True
    while shrunk:
        shrunk = False
        for smaller in smaller_objects(data):
            if time.monotonic() > until:
                return data
            if fails(smaller):
                data, shrunk = smaller, True
                break
    return data


def smaller_objects(data: Json) -> Iterator[Json]:
    """Yield an object without one of its keys, then with one of its values smaller."""
    for key in data:
        yield {name: value for name, value in data.items() if name != key}
    for key, value in data.items():
        for smaller in smaller_values(value):
            yield data | {key: smaller}


def smaller_values(value: object) -> Iterator[object]:
    """Yield smaller variants of a JSON value, the smallest first."""
    if isinstance(value, dict):
        yield from smaller_objects(value)
    elif isinstance(value, str):
        yield from without_pieces(value)
    elif isinstance(value, list):
        yield from without_pieces(value)
        for place, item in enumerate(value):
            for smaller in smaller_values(item):
                yield [*value[:place], smaller, *value[place + 1 :]]


def without_pieces(whole: Any) -> Iterator[Any]:
    """Yield a text or list without each of its halves, quarters and so on, down to single items."""
    size = len(whole)
    while size:
        for start in range(0, len(whole), size):
            yield whole[:start] + whole[start + size :]
        size //= 2
