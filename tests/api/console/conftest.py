"""The service with its pages, inside the test process."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from smsvet import Reviewer
from smsvet_api.console.app import PACKAGES, create_app
from smsvet_api.http.settings import Settings

from ..required import missing

if TYPE_CHECKING:
    from fastapi import FastAPI


@pytest.fixture(scope="session")
def app(reviewer: Reviewer) -> FastAPI:
    for package in PACKAGES:
        if importlib.util.find_spec(package) is None:
            missing(f"{package} is not installed")
    app = create_app(Settings())
    app.state.service.reviewer = reviewer
    return app
