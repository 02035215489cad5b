"""What every test may ask for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from smsvet import Reviewer

# A slow machine is no reason to fail, and a run that fails in CI must fail the same way at home.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def reviewer() -> Reviewer:
    """Return a reviewer of the shipped content; it is immutable, so one is enough."""
    from smsvet import Reviewer

    return Reviewer()
