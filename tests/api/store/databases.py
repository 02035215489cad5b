"""Databases for tests of the store: SQLite always, PostgreSQL where `SMSVET_TEST_DATABASE` names one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..required import missing

KINDS = ("sqlite", "postgresql")


class TestClock:
    """A clock that a test moves."""

    __test__ = False

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Provide the URL of an empty database; a PostgreSQL one is a schema of its own, dropped afterwards."""
    for package in ("sqlalchemy", "alembic") + (("psycopg",) if kind == "postgresql" else ()):
        if find_spec(package) is None:
            missing(f"{package} is not installed")
    if kind == "sqlite":
        yield f"sqlite:///{folder}/smsvet.sqlite"
        return
    url = os.environ.get("SMSVET_TEST_DATABASE")
    if not url:
        missing("SMSVET_TEST_DATABASE names no PostgreSQL")
    psycopg: Any = import_module("psycopg")
    schema = f"smsvet_store_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"create schema {schema}")
        try:
            yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"
        finally:
            server.execute(f"drop schema {schema} cascade")
