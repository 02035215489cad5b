"""Adds the pages, the static files and the error pages to an application."""

from __future__ import annotations

from fastapi import FastAPI

from ..http.content_trials import ContentTrials
from ..http.settings import Settings
from . import preferences, static_files
from .error_pages import ErrorPages
from .trying import page as trying
from .trying.access import TryAccess


def add_pages(app: FastAPI, settings: Settings) -> None:
    """Add all pages. `settings` decides who may try texts."""
    app.state.try_access = TryAccess(settings.try_access, rules=settings.try_rules)
    app.state.content_trials = ContentTrials()
    for part in (preferences.router, static_files.router, trying.router):
        app.include_router(part, include_in_schema=False)
    if app.state.storage is not None:
        from . import signing_in  # noqa: PLC0415 - needs a store

        app.include_router(signing_in.router, include_in_schema=False)
    app.add_middleware(ErrorPages)
