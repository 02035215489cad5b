"""Fixtures for the tests of the service."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from .required import missing


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with the least memory and time: the defaults take a quarter of a second each."""
    if find_spec("argon2") is None:
        missing("argon2-cffi is not installed")
    from argon2 import PasswordHasher

    from smsvet_api.store.accounts import passwords

    cheap: Any = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", cheap)
