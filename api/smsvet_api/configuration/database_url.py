"""Where the service stores: the URL of its database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .configuration_file import Configuration

VARIABLE: Final = "SMSVET_DATABASE"
NONE: Final = "off"
"""The value that means no database: the service only reviews."""
_SQLITE: Final = "sqlite:///"


def database_url(
    given: str | None, configuration: Configuration, environment: Mapping[str, str] = os.environ
) -> str | None:
    """Return the URL of the database: `given`, else SMSVET_DATABASE, else the configuration's, else the user's own file.

    None for `off`, and where the user has no data folder. A relative path of SQLite in a configuration file is
    relative to that file's folder.
    """
    for url in (given or "", environment.get(VARIABLE, "")):
        if url := url.strip():
            return None if url.lower() == NONE else url
    if configuration.database:
        return _in_folder(configuration.database, configuration.file)
    return _own_file()


def _in_folder(url: str, file: Path | None) -> str | None:
    if url.strip().lower() == NONE:
        return None
    path = url.removeprefix(_SQLITE)
    if file is None or path == url or Path(path).is_absolute():
        return url
    return f"{_SQLITE}{file.parent / path}"


def _own_file() -> str | None:
    from platformdirs import user_data_path  # noqa: PLC0415 - only without any setting

    folder = user_data_path("smsvet", appauthor=False)
    return f"{_SQLITE}{folder / 'smsvet.sqlite'}" if folder.is_absolute() else None
