"""Fixtures for all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from smsvet import Reviewer

# A slow machine must not fail a test, and a failure in CI must be reproducible locally.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_configure() -> None:
    """Let commands under test react to Ctrl-C: a shell that runs the tests in the background ignores it for them."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep commands and services away from the user's own cache, configuration, trusted folders and database."""
    folder = tmp_path_factory.mktemp("cache") / "smsvet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMSVET_CACHE", str(folder))
        patch.setenv("SMSVET_CONFIG", "")
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("SMSVET_DATABASE", "none")
        yield folder


@pytest.fixture(scope="session")
def reviewer() -> Reviewer:
    """Return a reviewer of the shipped content, shared because it is immutable."""
    from smsvet import Reviewer

    return Reviewer()
