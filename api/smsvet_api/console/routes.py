"""Adds the pages, the static files and the error pages to an application."""

from __future__ import annotations

from fastapi import FastAPI

from ..http.settings import Settings
from . import preferences, static_files
from .error_pages import ErrorPages
from .trying import page as trying
from .trying.access import TryAccess


def add_pages(app: FastAPI, settings: Settings) -> None:
    """Add all pages. `settings` decides who may try texts."""
    app.state.try_access = TryAccess(settings.try_access)
    for part in (preferences.router, static_files.router, trying.router):
        app.include_router(part, include_in_schema=False)
    if app.state.storage is not None:
        from . import signing_in  # noqa: PLC0415 - needs a store

        from .dashboard import page as dashboard  # noqa: PLC0415
        from .quality import page as quality  # noqa: PLC0415
        from .rules import basket  # noqa: PLC0415
        from .rules import page as rules  # noqa: PLC0415

        for part in (signing_in.router, basket.router, rules.router, dashboard.router, quality.router):
            app.include_router(part, include_in_schema=False)
    app.add_middleware(ErrorPages)
