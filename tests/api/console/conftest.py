"""The service with its pages, inside the test process."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsvet_api.console.app import PACKAGES, create_app
from smsvet_api.http.settings import Settings

from ..required import missing
from .case_parts import AGENCY
from .signed_in import Console
from .signed_in import console as console_on

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


@pytest.fixture
def console(app: FastAPI, tmp_path: Path) -> Iterator[Console]:
    with console_on(app, tmp_path) as made:
        yield made


@pytest.fixture
def filled(console: Console) -> Console:
    for number in range(3):
        console.submit(
            AGENCY, remark=f"第 {number} 次申请", account={"name": "示例商务", "type": "enterprise"}
        )
    return console


@pytest.fixture(scope="session")
def full(app: FastAPI, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Console, dict[str, str]]]:
    """A console with something on every page, and what paths name. It is shared: tests only read it."""
    from .filled import fill

    folder = tmp_path_factory.mktemp("filled")
    (folder / "reports").mkdir()
    with console_on(app, folder, reports=folder / "reports", requests_per_minute=1_000_000) as made:
        yield made, fill(made, folder / "reports")
