"""The routes of the pages of reports."""

from __future__ import annotations

from typing import Final

from . import files, page, rows_page

ROUTERS: Final = (files.router, rows_page.router, page.router)
