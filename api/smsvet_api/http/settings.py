"""Reads the settings of the service from environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..environment import cache_folder, variable

LEVELS = ("debug", "info", "warning", "error")
_COUNTS = ("review_processes", "deadline_ms", "header_timeout_ms", "body_timeout_ms", "stop_timeout_ms")


class SettingsError(ValueError):
    """A setting is invalid; the message names the environment variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the service. Sizes are in bytes, times in milliseconds; `max_batch` is a number of submissions."""

    rules: tuple[Path, ...] = ()
    policy: Path | None = None
    max_body_bytes: int = 1024 * 1024
    max_batch_bytes: int = 8 * 1024 * 1024
    max_batch: int = 1000
    log_level: str = "info"
    cache: Path | None = None
    """Folder of the startup cache; None for no cache."""
    review_processes: int = 2
    """Number of processes beside the event loop that review."""
    deadline_ms: int = 2000
    """Maximum time of one review, after which its process is ended."""
    header_timeout_ms: int = 10_000
    body_timeout_ms: int = 30_000
    stop_timeout_ms: int = 8000
    """Maximum time to answer the accepted requests after SIGTERM."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Return the settings from environment variables; an unset or empty variable means the default.

        Raises SettingsError naming an invalid variable.
        """
        return cls(
            rules=_folders("SMSVET_RULES", environment),
            policy=_file("SMSVET_POLICY", environment),
            max_body_bytes=_positive("SMSVET_MAX_BODY_BYTES", environment, cls().max_body_bytes),
            max_batch_bytes=_positive("SMSVET_MAX_BATCH_BYTES", environment, cls().max_batch_bytes),
            max_batch=_positive("SMSVET_MAX_BATCH", environment, cls().max_batch),
            log_level=_level("SMSVET_LOG_LEVEL", environment, cls().log_level),
            cache=cache_folder(environment),
            **{
                name: _positive(f"SMSVET_{name.upper()}", environment, getattr(cls(), name))
                for name in _COUNTS
            },
        )


def _folders(name: str, environment: Mapping[str, str]) -> tuple[Path, ...]:
    folders = tuple(Path(item) for item in variable(name, environment).split(os.pathsep) if item)
    for folder in folders:
        if not folder.is_dir():
            raise SettingsError(f"{name}: {folder} is not a folder")
    return folders


def _file(name: str, environment: Mapping[str, str]) -> Path | None:
    value = variable(name, environment)
    if not value:
        return None
    path = Path(value)
    if not path.is_file():
        raise SettingsError(f"{name}: {path} is not a file")
    return path


def _positive(name: str, environment: Mapping[str, str], default: int) -> int:
    value = variable(name, environment)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 12 and int(value) > 0):
        raise SettingsError(f"{name}: expected a whole number above 0, found '{value}'")
    return int(value)


def _level(name: str, environment: Mapping[str, str], default: str) -> str:
    value = variable(name, environment).lower() or default
    if value not in LEVELS:
        raise SettingsError(f"{name}: expected one of {', '.join(LEVELS)}, found '{value}'")
    return value
