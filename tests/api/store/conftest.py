"""The store shared by the tests in this folder: each test runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .databases import KINDS, TestClock, new_database

if TYPE_CHECKING:
    from smsvet_api.store.store import Store


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with new_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def store(url: str, clock: TestClock) -> Iterator[Store]:
    from smsvet_api.store.database import open_database
    from smsvet_api.store.store import Store
    from smsvet_api.store.upgrading import upgrade

    database = open_database(url, "en")
    upgrade(database)
    yield Store(database, clock)
    database.dispose()
