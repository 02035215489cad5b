"""The service with its pages and a store, and browsers of users with a session."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from smsvet_api.console.app import create_app
from smsvet_api.http.settings import Settings

from ..store.accounts import add_user
from ..store.databases import TestClock, new_database
from .pages import Browser

if TYPE_CHECKING:
    from fastapi import FastAPI

    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.store import Store

COOKIE = "__Host-smsvet"


@dataclass
class Console:
    """The application, its store, whose clock a test moves, and the browsers of its users by name."""

    app: FastAPI
    store: Store
    clock: TestClock
    browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, role: Role, name: str | None = None) -> Browser:
        """Return the browser of a user, who is stored and signed in at the first call. The name is else the role."""
        name = name or role
        if name not in self.browsers:
            browser = self.browsers[name] = Browser(self.app)
            browser.cookies.update(session_of(self.store, name, role))
        return self.browsers[name]

    def submit(self, text: str, **fields: Any) -> httpx.Response:
        """Submit a template for review as the submitter `shop`, through the API."""
        browser = self.browser("submitter", "shop")
        page = browser.get("/password")
        body = {"id": secrets.token_hex(6), "body": text, "purpose": "notification"} | fields
        return browser.send_json("/v1/submissions", body, browser.token(page.text))


def session_of(store: Store, name: str, role: Role) -> dict[str, str]:
    """Store a user with a session, and return its cookie."""
    from smsvet_api.store.accounts.sessions import begin_session
    from smsvet_api.store.accounts.tables import users

    user = add_user(store, name, role)
    with store.database.transaction() as connection:
        row = connection.execute(users.select().where(users.c.id == user.id)).one()
        return {COOKIE: begin_session(connection, store.now(), row, "test").cookie}


@cache
def upgraded() -> bytes:
    """Return the file of an empty database with all tables, which take long to create."""
    from smsvet_api.store.database import open_database
    from smsvet_api.store.upgrading import upgrade

    with tempfile.TemporaryDirectory() as folder, new_database("sqlite", Path(folder)) as url:
        database = open_database(url, "en")
        upgrade(database)
        database.dispose()
        return (Path(folder) / "smsvet.sqlite").read_bytes()


@contextmanager
def console(app: FastAPI, folder: Path, kind: str = "sqlite", **settings: Any) -> Iterator[Console]:
    """Provide the pages on an empty database, with the content that `app` has loaded."""
    from smsvet_api.store.store import Store
    from smsvet_api.store.upgrading import upgrade

    with new_database(kind, folder) as url:
        if kind == "sqlite":
            (folder / "smsvet.sqlite").write_bytes(upgraded())
        stored = create_app(Settings(database=url, **settings))
        stored.state.service.active = app.state.service.active
        storage = stored.state.storage
        upgrade(storage.store.database)
        clock = TestClock()
        storage.store = Store(storage.store.database, clock)
        yield Console(stored, storage.store, clock)
        storage.close()
