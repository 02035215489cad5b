"""A service with a store inside the test process, and requests of users of each role."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from fastapi import FastAPI

from smsvet_api.http.app import create_app
from smsvet_api.http.settings import Settings

from ..store.accounts import add_key_of
from ..store.databases import TestClock, new_database

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.store import Store


@dataclass
class StoredService:
    """The application, its store with a clock that a test moves, and the keys of users."""

    app: FastAPI
    store: Store
    clock: TestClock
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, role: Role, name: str | None = None) -> str:
        """Return the key of a user, who is stored at the first call."""
        name = name or role
        if name not in self.keys:
            self.keys[name] = add_key_of(self.store, name, role)
        return self.keys[name]

    async def request(
        self, role: Role, method: str, path: str, name: str | None = None, **request: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.key(role, name)}", **request.pop("headers", {})}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://smsvet"
        ) as client:
            return await client.request(method, path, headers=headers, **request)

    def ask(
        self, role: Role, method: str, path: str, name: str | None = None, **request: Any
    ) -> httpx.Response:
        return asyncio.run(self.request(role, method, path, name, **request))


@contextmanager
def stored_service(
    kind: str, folder: Path, *, reviews: bool = True, **settings: Any
) -> Iterator[StoredService]:
    """Provide a service with an empty store of a kind. Reviews run in this process; loading the rules takes seconds."""
    with new_database(kind, folder) as url:
        from smsvet_api.http.storage import Storage
        from smsvet_api.store.database import open_database
        from smsvet_api.store.store import Store
        from smsvet_api.store.upgrading import upgrade

        clock = TestClock()
        database = open_database(url, "en")
        upgrade(database)
        app = create_app(Settings(database=url, log_level="error", **settings))
        app.state.storage.close()
        app.state.storage = Storage(Store(database, clock))
        app.state.content.storage = app.state.storage
        if reviews:
            asyncio.run(app.state.service.load())
        try:
            yield StoredService(app, app.state.storage.store, clock)
        finally:
            app.state.storage.close()
