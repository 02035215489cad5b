"""The examples to begin with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from .form import TryForm

FILE: Final = Path(__file__).with_name("examples.toml")


@cache
def examples() -> Mapping[str, TryForm]:
    """Return the examples by name, in the order of the menu."""
    return {
        name: TryForm.of(values) for name, values in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
    }
