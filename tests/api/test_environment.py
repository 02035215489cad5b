"""Environment variables that the command line and the service share."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet_api.environment import cache_folder


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "/users/lin"}, "/users/lin/.cache/smsvet"),
        ({"HOME": "/users/lin", "XDG_CACHE_HOME": "/var/lin"}, "/var/lin/smsvet"),
        ({"HOME": "/users/lin", "XDG_CACHE_HOME": "relative"}, "/users/lin/.cache/smsvet"),
        ({"HOME": "/users/lin", "SMSVET_CACHE": "/srv/smsvet"}, "/srv/smsvet"),
        ({"HOME": "/users/lin", "SMSVET_CACHE": "Off"}, None),
        ({}, None),
    ],
)
def test_the_folder_of_the_startup_cache(environment: dict[str, str], folder: str | None) -> None:
    assert cache_folder(environment) == (Path(folder) if folder else None)
