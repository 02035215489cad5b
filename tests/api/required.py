"""Skips a test for want of something optional, or fails it where everything is required."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip the test, or fail it where `SMSVET_REQUIRE` is `all`."""
    if os.environ.get("SMSVET_REQUIRE") == "all":
        pytest.fail(f"{what}, and SMSVET_REQUIRE is all")
    pytest.skip(what)
