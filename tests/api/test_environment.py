"""Environment variables that the command line and the service share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from smsvet_api import environment


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"HOME": "/users/lin"}, "/users/lin/.cache/smsvet"),
        ({"HOME": "/users/lin", "XDG_CACHE_HOME": "/var/lin"}, "/var/lin/smsvet"),
        ({"HOME": "/users/lin", "XDG_CACHE_HOME": "relative"}, "/users/lin/.cache/smsvet"),
        ({"HOME": "/users/lin", "SMSVET_CACHE": "/srv/smsvet"}, "/srv/smsvet"),
        ({"HOME": "/users/lin", "SMSVET_CACHE": " Off "}, None),
    ],
)
@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems have other folders, and platformdirs knows them"
)
def test_the_folder_of_the_startup_cache(
    variables: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "SMSVET_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert environment.cache_folder() == (Path(folder) if folder else None)


def test_without_a_home_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMSVET_CACHE")
    monkeypatch.setattr(environment, "user_cache_path", lambda *_, **__: Path("~/.cache/smsvet"))
    assert environment.cache_folder() is None
