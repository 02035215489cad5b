"""The service shared by the tests in this folder."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI

from smsvet_api.http.app import create_app
from smsvet_api.http.settings import Settings

from .client import BATCH_LIMIT, LIMIT, MOST


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = create_app(Settings(max_body_bytes=LIMIT, max_batch_bytes=BATCH_LIMIT, max_batch=MOST))
    asyncio.run(app.state.service.load())
    assert app.state.service.failure is None, app.state.service.failure
    return app
