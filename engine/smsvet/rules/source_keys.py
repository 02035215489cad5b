"""The form of a `source:` value, and errors about the keys in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from ..files.content_files import ContentError
from ..files.suggestions import did_you_mean

NAME = "corpora/sources.yaml"

KEY = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*"
Confidence = Literal["S", "S*", "R", "P"]

_SOURCE = re.compile(rf"(?P<keys>{KEY}(?:, {KEY})*)(?:; (?P<zh>.+?) / (?P<en>.+))?")
Reason = tuple[str, str]
"""A problem in English and in Chinese."""


def keys_of(source: str) -> tuple[str, ...]:
    """Return the keys in a `source:` value; none for free text."""
    match = _SOURCE.fullmatch(source)
    return tuple(match["keys"].split(", ")) if match else ()


def note_of(source: str, lang: str) -> str | None:
    """Return the note after the keys of a `source:` value in `lang`; None without one."""
    match = _SOURCE.fullmatch(source)
    return match["zh" if lang == "zh" else "en"] if match else None


def error_at(path: Path, display_name: str, steps: tuple[str | int, ...], reason: Reason) -> ContentError:
    """Return the error at a key of a YAML file, given by its steps from the outside in."""
    from ..files.yaml_files import locate  # noqa: PLC0415 - YAML is slow to import, and errors are rare

    place = locate(path, display_name)(*steps)
    english, chinese = reason
    return ContentError(f"{place}: {english}", f"{place}: {chinese}")


def suggestion(name: str, known: Iterable[str], listed_in: str = NAME) -> Reason:
    """Return the end of an error about an unknown name: similar known ones, or the file that lists them."""
    import difflib  # noqa: PLC0415 - slow to import, and errors are rare

    near = difflib.get_close_matches(name, list(known), 3)
    if near:
        return did_you_mean(near)
    return (f"; {listed_in} lists them", f"；可用的代号见 {listed_in}") if listed_in else ("", "")
