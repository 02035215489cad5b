"""The words of the pages in Chinese and English, from the files in `words/`.

An entry has `zh`, `en`, and `en_one` where the English differs for one thing. {names} are filled in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from smsvet.model import Lang

FOLDER: Final = Path(__file__).with_name("words")


@cache
def entries() -> Mapping[str, Mapping[str, str]]:
    """Return all entries by dotted key. Raises ValueError for a key that two files have."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, entry in _flat("", tomllib.loads(path.read_text(encoding="utf-8"))):
            if key in found:
                raise ValueError(f"{path.name}: {key} stands in another file too")
            found[key] = entry
    return found


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if "zh" in value:
            yield key, value
        else:
            yield from _flat(f"{key}.", value)


def text(lang: Lang, key: str, /, **values: object) -> str:
    """Return an entry in a language with its {values} filled in. Raises KeyError for an unknown key."""
    entry = entries()[key]
    form = "en_one" if lang == "en" and values.get("n") == 1 and "en_one" in entry else lang
    return entry[form].format(**values)
