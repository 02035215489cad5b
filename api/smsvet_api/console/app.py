"""Builds the application with its pages."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI

from smsvet.extras import is_installed

from ..http.app import create_app as create_http_app
from ..http.logs import LOGGER
from ..http.settings import Settings, read_settings

PACKAGES: Final = ("jinja2", "jinja2_fragments", "python_multipart", "limits", "sqlalchemy")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application of `http` with the pages of the console, where the extra `service` is installed.

    Raises SettingsError naming an invalid environment variable.
    """
    settings = settings or read_settings()
    app = create_http_app(settings)
    missing = [package for package in PACKAGES if not is_installed(package)]
    if missing:
        LOGGER.info("no pages", extra={"facts": {"missing": missing}})
        return app
    from .routes import add_pages  # noqa: PLC0415 - an extra

    add_pages(app, settings)
    return app
