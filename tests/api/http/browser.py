"""Requests of a browser to a service inside the test process: its cookie, its CSRF token and its headers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from smsvet_api.http.transport import SECURE_COOKIE

if TYPE_CHECKING:
    from smsvet_api.store.accounts.roles import Role
    from smsvet_api.store.accounts.sessions import NewSession
    from smsvet_api.store.store import Store

    from .stored import StoredService

PASSWORD = "correct horse battery"
LOCAL = "http://localhost"


@dataclass
class Browser:
    """A browser on this machine. `headers` replace those it sends by itself; None leaves one out."""

    service: StoredService
    url: str = LOCAL
    address: str = "127.0.0.1"
    cookie: str | None = None
    cookie_name: str = SECURE_COOKIE
    csrf: str | None = None
    given: list[httpx.Response] = field(default_factory=list)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str | None] | None = None, **request: Any
    ) -> httpx.Response:
        sent: dict[str, str | None] = {
            "sec-fetch-site": "same-origin",
            "cookie": f"{self.cookie_name}={self.cookie}" if self.cookie else None,
            "x-csrf": self.csrf,
            **(headers or {}),
        }
        response = asyncio.run(
            self._ask(method, path, {k: v for k, v in sent.items() if v is not None}, request)
        )
        self._note(response)
        self.given.append(response)
        return response

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], request: dict[str, Any]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.service.app, client=(self.address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url=self.url) as client:
            return await client.request(method, path, headers=headers, **request)

    def _note(self, response: httpx.Response) -> None:
        for header in response.headers.get_list("set-cookie"):
            name, _, rest = header.partition("=")
            value = rest.partition(";")[0].strip('"')
            if name == self.cookie_name:
                self.cookie = value or None
                if response.headers.get("content-type") == "application/json":
                    self.csrf = response.json().get("csrf")

    def log_in(self, name: str, password: str, **query: str) -> httpx.Response:
        return self.ask("POST", "/v1/session", json={"name": name, "password": password}, params=query)

    def use(self, new: NewSession) -> Browser:
        """Take on a session that was begun in the store."""
        self.cookie, self.csrf = new.cookie, new.session.csrf
        return self


def session_of_role(store: Store, role: Role) -> NewSession:
    """Begin a session of a user of a role, without a password."""
    import sqlalchemy as sa

    from smsvet_api.store.accounts.sessions import begin_session
    from smsvet_api.store.accounts.tables import users
    from smsvet_api.store.accounts.users import insert_user

    name = f"session-{role}".replace("_", "-")
    with store.database.transaction() as connection:
        at = store.now()
        if not connection.execute(sa.select(users.c.id).where(users.c.name == name)).first():
            insert_user(connection, at, name, role, "command", None, f"sub-{role}")
        row = connection.execute(sa.select(users).where(users.c.name == name)).one()
        return begin_session(connection, at, row, "test")
