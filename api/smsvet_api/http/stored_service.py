"""The parts of the application that need a store: their routes, their tasks and their stop."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from smsvet.extras import check_installed
from smsvet.model import Said

from ..store.database import open_database
from ..store.store import Store
from . import (
    appeals,
    calendar,
    cases,
    clusters,
    decisions,
    export,
    keys,
    quality,
    revisions,
    sessions,
    submissions,
    users,
    webhooks,
)
from .content_control import ContentControl
from .delivery import Deliverer
from .rates import Rates
from .replaying import Replays
from .service import Service
from .storage import Storage
from .sweeping import sweep
from .upkeep import keep_up

ROUTES = (
    submissions,
    appeals,
    cases,
    clusters,
    decisions,
    webhooks,
    export,
    quality,
    revisions,
    calendar,
    sessions,
    users,
    keys,
)
"""The modules whose `router` an application with a store includes."""


class StoredService:
    """The store of an application, its routes and its tasks. Raises InputError for a URL that cannot be used."""

    def __init__(self, app: FastAPI, service: Service, url: str) -> None:
        self.service = service
        self.storage = Storage(Store(open_database(url, "en")))
        self.content = ContentControl(service, self.storage)
        self.replays = Replays(self.content)
        app.state.storage = self.storage
        app.state.content = self.content
        app.state.replays = self.replays
        app.state.rates = Rates(service.settings.requests_per_minute)
        for module in ROUTES:
            app.include_router(module.router)
        if service.settings.oidc_issuer is not None:
            _add_oidc(app, service)

    def background(self) -> list[asyncio.Task[None]]:
        """Start the tasks that run beside the requests, and return them."""
        settings = self.service.settings
        deliverer = Deliverer(self.storage, private=settings.webhook_private)
        jobs = (
            sweep(self.service, self.storage, self.content.offer),
            deliverer.run(),
            keep_up(settings, self.storage),
        )
        return [asyncio.create_task(job) for job in jobs]

    async def reload(self) -> None:
        """Read the content in service again."""
        await self.content.reload("en", "system")

    async def stop(self) -> None:
        """End the processes that review with other revisions than the active one."""
        await self.replays.stop()
        await self.content.stop()


def _add_oidc(app: FastAPI, service: Service) -> None:
    """Add the login at the provider of the settings. Raises MissingExtraError."""
    check_installed(("authlib",), "oidc", Said("单点登录", "The login by OIDC"))
    from . import oidc  # noqa: PLC0415 - an extra
    from .oidc_provider import Provider  # noqa: PLC0415

    app.state.provider = Provider(service.settings)
    app.include_router(oidc.router)
