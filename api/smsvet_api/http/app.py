"""Builds the FastAPI application."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import smsvet

from .docs_page import add_docs
from .headers import SecurityHeaders
from .limits import BodyLimit
from .logs import Observer, configure
from .openapi import DESCRIPTION, document
from .problems import ProblemError, answer_http_error, answer_invalid_query, answer_problem
from .reload_signal import reloading_on_hangup
from .review_limit import add_review_limit
from .routes import router
from .service import Service
from .settings import Settings, read_settings
from .switches import frequent_switches

if TYPE_CHECKING:
    from .stored_service import StoredService

_TAGS = [
    {"name": "review", "description": "Submissions in, verdicts out."},
    {"name": "submissions", "description": "With a store: submit, and read the status."},
    {"name": "webhooks", "description": "Messages to submitters' systems (Standard Webhooks)."},
    {"name": "cases", "description": "Manual review: the queue, claims and decisions."},
    {"name": "export", "description": "Submissions and decisions as tables."},
    {"name": "rules", "description": "What is checked, why and from when on."},
    {"name": "quality", "description": "How reliable reviewers and rules are. Only with a store."},
    {"name": "content", "description": "Which revision of the rules is in service."},
    {"name": "accounts", "description": "Sessions, users and API keys. Only with a store."},
    {"name": "operation", "description": "For those who run the service."},
]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application. Without `settings`, it reads them from the environment.

    It accepts requests at once and reviews as soon as the rules are loaded; `/readyz` shows the state. Raises
    SettingsError naming an invalid environment variable, and MissingExtraError.
    """
    settings = settings or read_settings()
    configure(settings.log_level)
    service = Service(settings)

    app = FastAPI(
        title="smsvet",
        version=smsvet.__version__,
        description=DESCRIPTION,
        openapi_tags=_TAGS,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.storage = app.state.described = None
    add_review_limit(app, settings.reviews_per_minute)
    app.state.stored = _stored(app, service)  # first: the path of a rule takes any rest of an address
    app.include_router(router)
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

    # FastAPI documents this assignment as the way to replace its schema.
    app.openapi = partial(_document, app)  # type: ignore[method-assign]
    add_docs(app)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[dict[str, float]]:
    """Load the rules and run the tasks of the application until it stops; provide the state of its requests."""
    service: Service = app.state.service
    stored: StoredService | None = app.state.stored
    # FastAPI prepares routes at the first match, which would then compete with the loading of the rules.
    for route in app.routes:
        route.matches({"type": "http", "method": "GET", "path": "/healthz", "headers": []})
    tasks = [asyncio.create_task(_start(app, stored))]
    if stored is not None:
        tasks += stored.background()
    try:
        with reloading_on_hangup(service.reload if stored is None else stored.reload):
            yield {"header_timeout": service.settings.header_timeout_ms / 1000}
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if stored is not None:
            await stored.stop()
        await service.stop()
        if stored is not None:
            stored.storage.close()
        gc.unfreeze()


def _document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, which is built once for the active content."""
    service: Service = app.state.service
    if app.openapi_schema is not None and app.state.described is service.reviewer:
        return app.openapi_schema
    written = document(app, service)
    if service.reviewer is not None:  # until then it lacks the providers and the example responses
        app.openapi_schema, app.state.described = written, service.reviewer
    return written


def _stored(app: FastAPI, service: Service) -> StoredService | None:
    """Return the parts that need a store, None without one."""
    if service.settings.database is None:
        return None
    from .stored_service import StoredService  # noqa: PLC0415 - an extra

    return StoredService(app, service, service.settings.database)


async def _start(app: FastAPI, stored: StoredService | None) -> None:
    service: Service = app.state.service
    await (service.start() if stored is None else stored.content.start())
    if service.reviewer is not None:
        with frequent_switches():  # the first request for it would hold the event loop for long
            await asyncio.to_thread(app.openapi)
