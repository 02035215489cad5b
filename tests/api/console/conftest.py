"""The service with its pages, inside the test process."""

from __future__ import annotations

import asyncio
import importlib.util
from typing import TYPE_CHECKING

import pytest

from smsvet_api.console.app import PACKAGES, create_app
from smsvet_api.http.settings import Settings

from ..required import missing

if TYPE_CHECKING:
    from fastapi import FastAPI


@pytest.fixture(scope="session")
def app() -> FastAPI:
    for package in PACKAGES:
        if importlib.util.find_spec(package) is None:
            missing(f"{package} is not installed")
    app = create_app(Settings())
    asyncio.run(app.state.service.load())
    assert app.state.service.failure is None, app.state.service.failure
    return app
