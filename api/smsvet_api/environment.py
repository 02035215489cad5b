"""Environment variables that both the command line and the service read."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path | None:
    """Return the cache folder: SMSVET_CACHE, else the user's own; None for `off` or without a home folder."""
    return named_cache_folder(os.environ.get("SMSVET_CACHE", ""))


def named_cache_folder(value: str) -> Path | None:
    """Return the folder that a value of SMSVET_CACHE selects."""
    value = value.strip()
    if value:
        return None if value.lower() == "off" else Path(value)
    folder = user_cache_path("smsvet", appauthor=False)
    return folder if folder.is_absolute() else None
