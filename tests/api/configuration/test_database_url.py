"""Which database the service uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from smsvet_api.configuration.configuration_file import Configuration
from smsvet_api.configuration.database_url import database_url

FILE = Path("/etc/sms/smsvet.toml")
POSTGRESQL = "postgresql://sms@db/sms"


@pytest.mark.parametrize(
    ("given", "variable", "configured", "expected"),
    [
        (POSTGRESQL, "sqlite:////b", "sqlite:////c", POSTGRESQL),
        (None, " sqlite:////b ", "sqlite:////c", "sqlite:////b"),
        (None, " ", "sqlite:////c", "sqlite:////c"),
        (None, "", "sqlite:///sms.sqlite", "sqlite:////etc/sms/sms.sqlite"),
        (None, "", "sqlite:///../sms.sqlite", "sqlite:////etc/sms/../sms.sqlite"),
        (None, "", POSTGRESQL, POSTGRESQL),
        ("off", POSTGRESQL, POSTGRESQL, None),
        (None, "OFF", POSTGRESQL, None),
        (None, "", "off", None),
    ],
)
def test_the_nearest_setting_counts(
    given: str | None, variable: str, configured: str, expected: str | None
) -> None:
    configuration = Configuration(FILE, database=configured)
    assert database_url(given, configuration, {"SMSVET_DATABASE": variable}) == expected


def test_without_a_setting_it_is_a_file_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_names, **_options: tmp_path / "smsvet")
    assert database_url(None, Configuration(), {}) == f"sqlite:///{tmp_path}/smsvet/smsvet.sqlite"


def test_without_a_home_there_is_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "platformdirs.user_data_path", lambda *_names, **_options: Path("~/.local/share/smsvet")
    )
    assert database_url(None, Configuration(), {}) is None
