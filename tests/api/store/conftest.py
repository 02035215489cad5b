"""The store shared by the tests in this folder: each test runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .databases import KINDS, TestClock, UpgradedDatabases, new_database

if TYPE_CHECKING:
    from smsvet_api.store.store import Store


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    with new_database(kind, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UpgradedDatabases]:
    with ExitStack() as stack:
        yield UpgradedDatabases(tmp_path_factory.mktemp("upgraded"), stack)


@pytest.fixture
def url(kind: str, upgraded: UpgradedDatabases, tmp_path: Path) -> str:
    """The URL of a database with all tables and no rows. On PostgreSQL it is cleared before each test, not made anew."""
    return upgraded.url(kind, tmp_path)


@pytest.fixture
def store(url: str, clock: TestClock) -> Iterator[Store]:
    from smsvet_api.store.database import open_database
    from smsvet_api.store.store import Store

    database = open_database(url, "en")
    yield Store(database, clock)
    database.dispose()
