"""Builds the FastAPI application."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

import smsvet

from .headers import SecurityHeaders
from .limits import BodyLimit
from .logs import Observer, configure
from .openapi import DESCRIPTION, document
from .page import SECURITY, render
from .problems import ProblemError, answer_http_error, answer_invalid_query, answer_problem
from .routes import router
from .service import Service, frequent_switches
from .settings import Settings, read_settings

if TYPE_CHECKING:
    from .storage import Storage

_TAGS = [
    {"name": "review", "description": "Submissions in, verdicts out."},
    {"name": "submissions", "description": "With a store: submit, and read the status."},
    {"name": "rules", "description": "What is checked, why and from when on."},
    {"name": "accounts", "description": "Sessions, users and API keys. Only with a store."},
    {"name": "operation", "description": "For those who run the service."},
]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application. Without `settings`, it reads them from the environment.

    It accepts requests at once and reviews as soon as the rules are loaded; `/readyz` shows the state. Raises
    SettingsError naming an invalid environment variable.
    """
    settings = settings or read_settings()
    configure(settings.log_level)
    service = Service(settings)

    async def start() -> None:
        await service.start()
        if service.reviewer is not None:
            with frequent_switches():  # the first request for it would hold the event loop for long
                await asyncio.to_thread(app.openapi)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, float]]:
        # FastAPI prepares routes at the first match, which would then compete with the loading of the rules.
        for route in app.routes:
            route.matches({"type": "http", "method": "GET", "path": "/healthz", "headers": []})
        tasks = [asyncio.create_task(start()), *_background(app)]
        try:
            yield {"header_timeout": settings.header_timeout_ms / 1000}
        finally:
            await _end(tasks)
            await service.stop()
            if app.state.storage is not None:
                app.state.storage.close()
            gc.unfreeze()

    app = FastAPI(
        title="smsvet",
        version=smsvet.__version__,
        description=DESCRIPTION,
        openapi_tags=_TAGS,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.storage = _storage(settings)
    app.include_router(router)
    _include_stored(app)
    app.add_exception_handler(ProblemError, answer_problem)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_invalid_query)
    app.add_middleware(
        BodyLimit,
        by_path={"/v1/review/batch": settings.max_batch_bytes},
        default=settings.max_body_bytes,
        timeout=settings.body_timeout_ms / 1000,
    )
    app.add_middleware(Observer, metrics=service.metrics)
    app.add_middleware(SecurityHeaders)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        written = document(app, service)
        if service.reviewer is not None:  # until then it lacks the providers and the example responses
            app.openapi_schema = written
        return written

    async def docs() -> HTMLResponse:
        return HTMLResponse(render(app.openapi()), headers={"content-security-policy": SECURITY})

    # FastAPI documents this assignment as the way to replace its schema.
    app.openapi = openapi  # type: ignore[method-assign]
    app.add_api_route("/docs", docs, include_in_schema=False)
    return app


def _include_stored(app: FastAPI) -> None:
    """Add the operations that need a store, if there is one."""
    if app.state.storage is None:
        return
    from . import keys, sessions, submissions, users  # noqa: PLC0415 - an extra
    from .rates import Rates  # noqa: PLC0415

    app.state.rates = Rates(app.state.service.settings.requests_per_minute)
    for module in (submissions, sessions, users, keys):
        app.include_router(module.router)


def _background(app: FastAPI) -> list[asyncio.Task[None]]:
    """Start the tasks of a store that run beside the requests."""
    if app.state.storage is None:
        return []
    from .sweeping import sweep  # noqa: PLC0415 - an extra

    return [asyncio.create_task(sweep(app.state.service, app.state.storage))]


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _storage(settings: Settings) -> Storage | None:
    """Return the store at `settings.database`, None without one."""
    if settings.database is None:
        return None
    from ..store.database import open_database  # noqa: PLC0415 - an extra
    from ..store.store import Store  # noqa: PLC0415
    from .storage import Storage  # noqa: PLC0415

    return Storage(Store(open_database(settings.database, "en")))
