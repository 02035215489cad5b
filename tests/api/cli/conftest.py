"""The reviewer shared by the command line tests."""

from __future__ import annotations

from typing import Any

import pytest

from smsvet import Reviewer
from smsvet_api.cli import reviewing


@pytest.fixture
def one_reviewer(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands without their own rules share the session's reviewer, which takes a second to build."""

    def build(rules: Any, policy: Any, **more: Any) -> Reviewer:
        return Reviewer(rules, policy, **more) if rules or policy else reviewer

    monkeypatch.setattr(reviewing, "Reviewer", build)
    monkeypatch.setenv("COLUMNS", "100")
