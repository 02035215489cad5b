"""Audits of these tests run in the test process, unless a test starts a process itself."""

from __future__ import annotations

import pytest

from smsvet import Reviewer
from smsvet_api.audit import run

from .archive import InlinePool


@pytest.fixture
def inline(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> type[InlinePool]:
    """Replace the worker processes by reviews in this process; return the class, whose `before` a test may set."""
    pool = type("Pool", (InlinePool,), {"reviewer": reviewer})
    monkeypatch.setattr(run, "Pool", pool)
    return pool
