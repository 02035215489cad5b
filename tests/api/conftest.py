"""The service and the command line that the tests of this folder share."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from smsvet import Reviewer
from smsvet_api import cli
from smsvet_api.app import create_app
from smsvet_api.settings import Settings

from .http_client import BATCH_LIMIT, LIMIT, MOST


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = create_app(Settings(max_body_bytes=LIMIT, max_batch_bytes=BATCH_LIMIT, max_batch=MOST))
    asyncio.run(app.state.service.load())
    assert app.state.service.failure is None, app.state.service.failure
    return app


@pytest.fixture
def one_reviewer(reviewer: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands without rules of their own share the session's reviewer, which takes a second to build."""

    def build(rules: Any = (), policy: Any = None) -> Reviewer:
        return Reviewer(rules, policy) if rules or policy else reviewer

    monkeypatch.setattr(cli, "Reviewer", build)
    monkeypatch.setenv("COLUMNS", "100")
