"""Environment variables that both the command line and the service read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def variable(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return an environment variable, stripped; an empty string if it is not set."""
    return environment.get(name, "").strip()


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the cache folder: SMSVET_CACHE, else the user's own; None for `off` or without a home folder."""
    value = variable("SMSVET_CACHE", environment)
    if value:
        return None if value.lower() == "off" else Path(value)
    kept = Path(variable("XDG_CACHE_HOME", environment))
    home = Path(variable("HOME", environment))
    if not kept.is_absolute():  # the XDG specification ignores a relative path
        kept = home / ".cache"
    return kept / "smsvet" if kept.is_absolute() else None
