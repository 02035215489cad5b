"""Location of the content files: inside the package in a wheel, at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGED = Path(__file__).parents[1] / "content"
CONTENT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[3]
"""The folder with `rules/`, `grammars/` and `corpora/`."""
