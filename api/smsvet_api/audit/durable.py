"""Writes the files of an audit as a whole, and removes what a killed process left of them."""

from __future__ import annotations

import json
from pathlib import Path

from ..files.whole_file import replacing


def write_json(path: Path, value: object) -> None:
    """Write a JSON document as a whole. Raises OSError."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    write_text(path, text + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text file as a whole. Raises OSError."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that a killed process left in a folder."""
    for path in folder.glob(".*.tmp"):
        path.unlink(missing_ok=True)
