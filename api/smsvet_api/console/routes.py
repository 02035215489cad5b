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
        from .administration.routes import ROUTERS as ADMINISTRATION  # noqa: PLC0415
        from .cases import actions, case_page, queue_page, views_page  # noqa: PLC0415
        from .clusters import page as clusters  # noqa: PLC0415
        from .dashboard import page as dashboard  # noqa: PLC0415
        from .decisions import page as decisions  # noqa: PLC0415
        from .me import page as me  # noqa: PLC0415
        from .quality import page as quality  # noqa: PLC0415
        from .reports.routes import ROUTERS as REPORTS  # noqa: PLC0415
        from .revisions import page as revisions  # noqa: PLC0415
        from .rules import basket  # noqa: PLC0415
        from .rules import page as rules  # noqa: PLC0415
        from .submissions import page as submissions  # noqa: PLC0415
        from .trail import page as trail  # noqa: PLC0415
        from .trail.verifier import Verifier  # noqa: PLC0415

        app.state.verifier = Verifier(settings, app.state.storage)
        pages = (
            *(signing_in, me, queue_page, views_page, case_page, actions, clusters, decisions, submissions),
            *(basket, rules, dashboard, quality, trail, revisions),
        )
        for router in (*(page.router for page in pages), *ADMINISTRATION, *REPORTS):
            app.include_router(router, include_in_schema=False)
    app.add_middleware(ErrorPages)
